import assert from "node:assert/strict";
import { bytes } from "../../model/quantity";
import { suggest } from "../../model/nearest";

import { settle } from "../../plan/cluster";
import { stackOutputs } from "../../plan/outputs";
import type { ClassFacts } from "../../model/facts";
import type { ServicePlan } from "../../model/plan";
import { memorySettings } from "../../services/neo4j";
import { classFacts } from "../facts";
import { planOf } from "../stack";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
`;
const localPath =
  "  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }\n";

function plan(services: string, backends = localPath) {
  const { plan, faults } = planOf(`${header}${backends}  cluster-storage:services:\n${services}`);
  assert.deepEqual(faults, []);
  return plan;
}

function service(services: string, name: string): ServicePlan {
  return plan(services).services.find((service) => service.name === name)!;
}

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

  describe("resources", () => {
    it("are the catalogue's where the config says nothing else", () => {
      const { resources } = service(
        "    redis: { size: 1Gi, resources: { limits: { memory: 1Gi } } }",
        "redis",
      ).container;
      assert.deepEqual(resources, { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } });
    });

    it("give Neo4j its heap and page cache", () => {
      assert.deepEqual(memorySettings(2 * 1024 ** 3), { heap: 768, pageCache: 512 });
      assert.deepEqual(memorySettings(8 * 1024 ** 3), { heap: 3072, pageCache: 2048 });
      const { env } = service("    neo4j: { size: 1Gi, resources: { limits: { memory: 8Gi } } }", "neo4j").container;
      assert.ok(
        env.some(
          (entry) => "value" in entry && entry.name === "NEO4J_server_memory_heap_max__size" && entry.value === "3072m",
        ),
      );
    });
  });

  describe("images", () => {
    it("that are stand-ins say so, and are checked by their own records", () => {
      const { standIn, check } = service(
        "    qdrant: { size: 1Gi, image: { ref: 'localhost/stand-in:1', standIn: true } }",
        "qdrant",
      );
      assert.equal(standIn, true);
      assert.deepEqual(check, {
        container: "qdrant",
        write: [{ http: { method: "PUT", port: 6333, path: "/stand-in/records/{{key}}", body: "{{value}}" } }],
        read: [{ http: { method: "GET", port: 6333, path: "/stand-in/records/{{key}}" } }],
      });
    });

    it("of the user's own program go without the example's arguments, and may say their own", () => {
      const base =
        "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }, image: 'mine:1'";
      assert.equal(service(`${base} }`, "taskflow").container.args, undefined);
      const own = service(
        `${base}, args: [serve], uid: 2000, port: 3000, env: { MODE: prod, DATABASE_NAME: mine } }`,
        "taskflow",
      );
      assert.deepEqual(own.container.args, ["serve"]);
      assert.deepEqual(own.identity, { uid: 2000, gid: 2000 });
      assert.deepEqual(own.container.ports, [{ name: "http", port: 3000 }]);
      assert.deepEqual(own.container.probes.readiness.action, { tcp: 3000 });
      assert.deepEqual(
        own.container.env.filter(({ name }) => ["MODE", "DATABASE_NAME"].includes(name)),
        [
          { name: "MODE", value: "prod" },
          { name: "DATABASE_NAME", value: "mine" },
        ],
      );
      assert.deepEqual(own.claims[0]?.annotations["cluster-storage/uid"], "2000");
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

  describe("an existing class", () => {
    const existing = (isDefault: boolean) =>
      plan(
        "    redis: { size: 1Gi, class: standard }",
        "  cluster-storage:backends: { there: { type: existing, class: standard, accessModes: " +
          `[ReadWriteOnce], default: ${isDefault} ` +
          `}${isDefault ? "" : ", local-path: { type: local-path, path: /opt/volumes, default: true }"} }\n`,
      );
    const table: [string, boolean, ClassFacts[], string[]][] = [
      ["is there", true, [classFacts("standard", { isDefault: true })], []],
      [
        "is not there",
        true,
        [classFacts("standrd", { isDefault: true })],
        ['backends.there.class: the cluster has no StorageClass "standard"; did you mean "standrd"?'],
      ],
      [
        "is no default",
        true,
        [classFacts("standard", { isDefault: false })],
        [
          'backends.there.default: is true, but "standard" is not the cluster\'s default and is left as it ' +
            "is; say default: false, or let the flag be changed with defaultFlag: patch",
        ],
      ],
      [
        "is a second default",
        false,
        [classFacts("standard", { isDefault: true })],
        [
          'backends.there.default: is false, but "standard" is the cluster\'s default and is left as it is; ' +
            "say default: true, or let the flag be changed with defaultFlag: patch",
        ],
      ],
    ];
    for (const [what, isDefault, classes, faults] of table) {
      it(`that ${what}`, () =>
        assert.deepEqual(
          settle(existing(isDefault), { classes, claims: [] }).faults.map(({ path, message }) => `${path}: ${message}`),
          faults,
        ));
    }
  });
});
