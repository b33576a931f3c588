import assert from "node:assert/strict";
import { neededAccess } from "../../preflight/access";
import { gatherFacts } from "../../preflight/gather";
import { readAccess, reviewer } from "../../preflight/review";
import { stack } from "./cluster";
import { fakeApi, version, reviews } from "./gather-fixtures";

describe("what is read of a cluster", () => {
  it("lacks what may not be listed, and kubelets that nobody needs", async () => {
    const { api, asked } = fakeApi({
      ...version,
      "/api/v1/nodes": {
        items: [{ metadata: { name: "a" }, status: { conditions: [{ type: "Ready", status: "True" }] } }],
      },
    });
    const found = await gatherFacts(api, stack().plan, {});
    assert.deepEqual(
      [found.nodes?.length, found.classes, found.quotas, found.webhooks],
      [1, undefined, undefined, undefined],
    );
    assert.deepEqual(
      asked.filter(({ path }) => path.includes("proxy")),
      [],
    );
  });

  it("fails where the credentials are wrong, or no Kubernetes answers", async () => {
    const answering = (status: number) => ({ server: "", ask: async () => ({ status, body: "" }) });
    await assert.rejects(gatherFacts(answering(401), stack().plan, {}), {
      message: "it doesn't know this context's credentials",
    });
    await assert.rejects(gatherFacts(answering(404), stack().plan, {}), {
      message: "what answers is not a Kubernetes API (status 404)",
    });
  });
});

describe("rights", () => {
  it("that are needed are those of the kinds that the plan makes, in its namespaces", () => {
    const needed = neededAccess(stack().plan);
    assert.ok(
      needed.some(
        (access) => access.verb === "create" && access.resource === "clusterroles" && access.namespace === undefined,
      ),
    );
    assert.deepEqual(
      [...new Set(needed.flatMap(({ namespace }) => namespace ?? []))],
      ["local-ai-system", "disk-storage"],
    );
    const madeIn = (place: string, at: typeof needed) =>
      at.flatMap(({ verb, resource, namespace }) => (namespace === place && verb === "create" ? [resource] : []));
    assert.deepEqual(madeIn("disk-storage", needed), [
      "configmaps",
      "serviceaccounts",
      "deployments",
      "networkpolicies",
      "roles",
      "rolebindings",
    ]);
    assert.deepEqual(
      madeIn("longhorn-system", neededAccess(stack({ big: { type: "longhorn", default: true } }).plan)),
      [
        "configmaps",
        "serviceaccounts",
        "secrets",
        "services",
        "deployments",
        "networkpolicies",
        "roles",
        "rolebindings",
      ],
    );
    const ofPods = needed.filter(
      ({ resource, namespace }) =>
        (resource === "pods" || resource === "replicasets") && namespace === "local-ai-system",
    );
    assert.deepEqual(
      ofPods.map(({ verb, group, resource, namespace }) => `${verb} ${group}/${resource} in ${namespace}`),
      [
        "get /pods",
        "list /pods",
        "watch /pods",
        "get apps/replicasets",
        "list apps/replicasets",
        "watch apps/replicasets",
      ].map((right) => `${right} in local-ai-system`),
    );
    const there = { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], default: true };
    const wide = (backends: Record<string, object>, services?: Record<string, object>) =>
      neededAccess(stack(backends, services).plan).flatMap(({ verb, resource, namespace }) =>
        namespace || verb !== "create" ? [] : [resource],
      );
    assert.deepEqual(wide({ there }), ["namespaces", "storageclasses"]);
    assert.deepEqual(wide({ big: { type: "longhorn", default: true } }), [
      "namespaces",
      "storageclasses",
      "clusterroles",
      "clusterrolebindings",
      "daemonsets",
      "csidrivers",
      "customresourcedefinitions",
    ]);
    assert.deepEqual(
      wide(
        { there, hand: { type: "static", volumes: { "redis-data": { node: "a", path: "/data", size: "2Gi" } } } },
        { redis: { size: "2Gi", backend: "hand" } },
      ),
      ["namespaces", "storageclasses", "persistentvolumes"],
    );
  });

  it("of an administrator cost one question", async () => {
    const { api, asked } = fakeApi({});
    await readAccess(reviewer(api), [{ verb: "get", group: "", resource: "secrets", namespace: "a" }]);
    assert.deepEqual(reviews(asked), [{ verb: "*", group: "*", resource: "*" }]);
  });

  it("in a namespace are asked for where there are none in the whole cluster", async () => {
    const { api, asked } = fakeApi({}, ({ namespace, verb }) => namespace === "a" || verb === "list");
    const secrets = { group: "", resource: "secrets" };
    const answers = await readAccess(reviewer(api), [
      { verb: "get", ...secrets, namespace: "a" },
      { verb: "get", ...secrets, namespace: "b" },
      { verb: "list", ...secrets, namespace: "b" },
      { verb: "get", group: "", resource: "namespaces" },
    ]);
    assert.deepEqual(
      answers.map(({ allowed }) => allowed),
      [true, false, true, false],
    );
    assert.equal(
      reviews(asked).filter((review) => JSON.stringify(review) === JSON.stringify({ verb: "get", ...secrets })).length,
      1,
    );
  });
});
