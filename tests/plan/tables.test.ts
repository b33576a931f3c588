import assert from "node:assert/strict";
import { suggest } from "../../model/nearest";
import { bytes } from "../../model/quantity";
import { stackOutputs } from "../../plan/outputs";
import { plan, service } from "./plan-fixture";

describe("plan", () => {
  describe("quantities", () => {
    const table: [string, number | undefined][] = [
      ["1Ki", 1024],
      ["1.5Gi", 1.5 * 1024 ** 3],
      ["10Gi", 10 * 1024 ** 3],
      ["2k", 2000],
      ["5M", 5_000_000],
      ["10", undefined],
      ["10GB", undefined],
      ["-1Gi", undefined],
      ["1e3", undefined],
      ["", undefined],
    ];
    for (const [text, value] of table) it(`"${text}" is ${value ?? "none"}`, () => assert.equal(bytes(text), value));
  });

  describe("nearest names", () => {
    const table: [string, string[], string][] = [
      ["postgress", ["postgres", "redis"], 'did you mean "postgres"?'],
      ["rdis", ["postgres", "redis"], 'did you mean "redis"?'],
      ["mysql", ["postgres", "redis"], "there is: postgres, redis"],
      ["x", [], "there is none"],
      ["claim", ["clients", "class"], "there is: class, clients"],
      ["Postgres", ["postgres-data"], 'did you mean "postgres-data"?'],
    ];
    for (const [name, known, said] of table)
      it(`${name} among ${known.length}`, () => assert.equal(suggest(name, known), said));
  });

  describe("order", () => {
    it("has those that others need first, whatever the config's order", () => {
      const names = plan(
        "    n8n: { size: 1Gi }\n    flowise: { size: 1Gi }\n    redis: { size: 1Gi }\n    postgres: { size: 1Gi }",
      ).services.map(({ name }) => name);
      assert.deepEqual(names, ["redis", "postgres", "n8n", "flowise"]);
    });
  });

  describe("network", () => {
    it("lets nobody in from other namespaces unless somebody reaches", () => {
      assert.deepEqual(service("    redis: { size: 1Gi }", "redis").network, { from: [], to: [], internet: false });
    });

    it("has both ends of what the config adds", () => {
      const services = "    redis: { size: 1Gi, clients: [ingress] }\n    searxng: { size: 1Gi, reaches: [redis] }";
      assert.deepEqual(service(services, "searxng").network.to, [
        { peer: { namespace: "local-ai-system", service: "redis" }, ports: [6379] },
      ]);
      assert.deepEqual(service(services, "redis").network.from, [
        { namespace: "local-ai-search", service: "searxng" },
        { namespace: "ingress" },
      ]);
    });

    it("reaches the web only where the service is of no use without", () => {
      const services = plan(
        "    postgres: { size: 1Gi }\n    n8n: { size: 1Gi }\n    flowise: { size: 1Gi }\n    searxng: { " +
          "size: 1Gi }\n    qdrant: { size: 1Gi }",
      ).services;
      assert.deepEqual(
        services.filter(({ network }) => network.internet).map(({ name }) => name),
        ["searxng", "n8n", "flowise"],
      );
    });
  });

  describe("outputs", () => {
    it("say what people and commands go by, with the class that a claim without one gets", () => {
      const { services, classes, cluster } = stackOutputs(plan("    redis: { size: 1Gi }"));
      const { check, ...redis } = services.redis!;
      assert.deepEqual(redis, {
        namespace: "local-ai-system",
        kind: "Deployment",
        workload: "redis",
        run: true,
        claims: [
          {
            name: "redis-data",
            generation: 1,
            volume: "redis-data",
            mount: "/data",
            class: "local-path",
            size: "1Gi",
            accessMode: "ReadWriteOnce",
            backend: "local-path",
            ephemeral: false,
            kept: [],
          },
        ],
        image: "redis:7.4.11-bookworm",
        standIn: false,
        address: "redis.local-ai-system.svc.cluster.local:6379",
        needs: [],
      });
      assert.equal(check.container, "redis");
      assert.deepEqual(classes, {
        "local-path": {
          backend: "local-path",
          provisioner: "rancher.io/local-path",
          reclaimPolicy: "Retain",
          isDefault: true,
        },
      });
      assert.deepEqual(cluster, { context: "minikube", identifier: "dev", uid: "" });
    });
  });
});
