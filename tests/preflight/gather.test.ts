import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { provisionerRights } from "../../backends/local-path/rights";
import type { Answer, Api } from "../../kube/api";
import { neededAccess } from "../../preflight/access";
import { gatherFacts } from "../../preflight/gather";
import { givenRights } from "../../preflight/grants";
import { readAccess, readGrants, reviewer } from "../../preflight/review";
import { askServer } from "../../preflight/servers";
import { stack } from "./cluster";

/** An API that answers these paths, refuses (403) all others, and notes what it was asked. */
function fakeApi(answers: Record<string, unknown>, allows: (access: Record<string, string>) => boolean = () => true) {
  const asked: { path: string; body?: unknown; accept?: string }[] = [];
  const ask: Api["ask"] = async (path, { body, accept } = {}): Promise<Answer> => {
    asked.push({ path, ...(body !== undefined && { body }), ...(accept && { accept }) });
    if (path.endsWith("/selfsubjectaccessreviews")) {
      const { spec } = body as { spec: { resourceAttributes: Record<string, string> } };
      return { status: 201, body: JSON.stringify({ status: { allowed: allows(spec.resourceAttributes) } }) };
    }
    return path in answers ? { status: 200, body: JSON.stringify(answers[path]) } : { status: 403, body: "" };
  };
  return { api: { server: "https://10.0.0.1:6443", ask }, asked };
}

const version = { "/version": { gitVersion: "v1.36.3" } };

describe("what is read of a cluster", () => {
  it("is turned into facts, kind by kind", async () => {
    const { api, asked } = fakeApi({
      ...version,
      "/api/v1/nodes": {
        items: [
          {
            metadata: { name: "a", labels: { x: "y" } },
            spec: { unschedulable: true, taints: [{ key: "t", effect: "NoSchedule" }] },
            status: {
              addresses: [
                { type: "Hostname", address: "a" },
                { type: "InternalIP", address: "10.0.0.7" },
              ],
              conditions: [{ type: "Ready", status: "True" }],
              capacity: { cpu: "2" },
              nodeInfo: { kubeletVersion: "v1.35.0", osImage: "Talos (v1.13.0)", kernelVersion: "6.12" },
            },
          },
        ],
      },
      "/api/v1/nodes/a/proxy/stats/summary": {
        node: { fs: { capacityBytes: 100, availableBytes: 40 } },
        pods: [
          {
            volume: [
              { name: "config" },
              { capacityBytes: 50, availableBytes: 5, pvcRef: { name: "redis-data", namespace: "cache" } },
            ],
          },
          {},
        ],
      },
      "/apis/storage.k8s.io/v1/storageclasses": {
        items: [
          {
            metadata: {
              name: "old",
              annotations: {
                "storageclass.beta.kubernetes.io/is-default-class": "true",
                "cluster-storage/stack": "p/dev",
              },
            },
            provisioner: "x",
          },
        ],
      },
      "/api/v1/persistentvolumeclaims": {
        items: [
          {
            metadata: {
              name: "redis-data",
              namespace: "cache",
              uid: "0815",
              creationTimestamp: "2026-01-01T00:00:00Z",
            },
            spec: {
              storageClassName: "old",
              volumeName: "pv",
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: "2Gi" } },
            },
            status: { phase: "Bound", capacity: { storage: "3Gi" } },
          },
        ],
      },
      "/api/v1/persistentvolumes": {
        items: [
          {
            metadata: {
              name: "pv",
              deletionTimestamp: "2026-01-02T00:00:00Z",
              annotations: { "pv.kubernetes.io/provisioned-by": "x" },
            },
            spec: {
              persistentVolumeReclaimPolicy: "Delete",
              storageClassName: "old",
              capacity: { storage: "2Gi" },
              accessModes: ["ReadWriteOnce"],
              local: { path: "/d/pv" },
              claimRef: { namespace: "cache", name: "redis-data", uid: "0815" },
              nodeAffinity: {
                required: {
                  nodeSelectorTerms: [
                    { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["a"] }] },
                  ],
                },
              },
            },
            status: { phase: "Bound" },
          },
        ],
      },
      "/apis/apps/v1/deployments": {
        items: [
          {
            metadata: { name: "web", namespace: "w" },
            spec: { template: { spec: { containers: [{ image: "nginx:1" }] } } },
          },
          {
            metadata: { name: "stock", namespace: "k" },
            spec: {
              replicas: 1,
              template: {
                spec: {
                  containers: [
                    { image: "rancher/local-path-provisioner:v0.0.31", command: ["local-path-provisioner", "start"] },
                  ],
                },
              },
            },
          },
          {
            metadata: { name: "named", namespace: "k" },
            spec: {
              replicas: 0,
              template: {
                spec: {
                  containers: [
                    {
                      image: "own:1",
                      command: ["local-path-provisioner"],
                      args: ["start", "--provisioner-name", "rancher.io/fast"],
                    },
                  ],
                },
              },
            },
          },
        ],
      },
      "/apis/storage.k8s.io/v1/csidrivers": { items: null },
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": {
        items: [{ metadata: { name: "volumes.longhorn.io" } }],
      },
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations": { items: [{ metadata: { name: "v" } }] },
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations": { items: [{ metadata: { name: "m" } }] },
      "/api/v1/namespaces": {
        items: [
          {
            metadata: { name: "cache", labels: { l: "1" }, annotations: { "cluster-storage/stack": "p/dev" } },
            status: { phase: "Terminating" },
          },
        ],
      },
      "/api/v1/resourcequotas": {
        items: [
          { metadata: { name: "q", namespace: "cache" }, spec: { hard: { persistentvolumeclaims: "3" } }, status: {} },
        ],
      },
      "/api/v1/limitranges": {
        items: [
          {
            metadata: { name: "l", namespace: "cache" },
            spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "1Gi" } }, { type: "Pod" }] },
          },
        ],
      },
    });
    const { access, grants, ...found } = await gatherFacts(api, stack().plan, { kubelets: true });
    assert.ok([...access, ...grants].every(({ allowed }) => allowed));
    assert.deepEqual(found, {
      server: { url: "https://10.0.0.1:6443", version: "v1.36.3" },
      nodes: [
        {
          name: "a",
          address: "10.0.0.7",
          labels: { x: "y" },
          annotations: {},
          taints: [{ key: "t", effect: "NoSchedule" }],
          unschedulable: true,
          conditions: { Ready: "True" },
          kubeletVersion: "v1.35.0",
          osImage: "Talos (v1.13.0)",
          kernelVersion: "6.12",
          capacity: { cpu: "2" },
          stats: {
            root: { capacity: 100, available: 40 },
            volumes: [{ namespace: "cache", claim: "redis-data", capacity: 50, available: 5 }],
          },
        },
      ],
      classes: [
        {
          name: "old",
          provisioner: "x",
          parameters: {},
          reclaimPolicy: "Delete",
          bindingMode: "Immediate",
          allowsExpansion: false,
          isDefault: true,
          isDefaultByBeta: true,
          labels: {},
          annotations: { "storageclass.beta.kubernetes.io/is-default-class": "true", "cluster-storage/stack": "p/dev" },
          switchedOffBy: undefined,
          stack: "p/dev",
        },
      ],
      claims: [
        {
          namespace: "cache",
          name: "redis-data",
          uid: "0815",
          service: "",
          stack: undefined,
          className: "old",
          size: "2Gi",
          capacity: "3Gi",
          phase: "Bound",
          volume: "pv",
          accessModes: ["ReadWriteOnce"],
          node: undefined,
          unprotected: false,
          deleting: false,
          annotations: {},
          created: "2026-01-01T00:00:00.000Z",
        },
      ],
      volumes: [
        {
          name: "pv",
          className: "old",
          size: "2Gi",
          phase: "Bound",
          message: undefined,
          reclaimPolicy: "Delete",
          accessModes: ["ReadWriteOnce"],
          path: "/d/pv",
          driver: undefined,
          nodes: ["a"],
          tiedTo: ["a"],
          claim: "cache/redis-data",
          claimUid: "0815",
          provisioned: true,
          deleting: true,
        },
      ],
      provisioners: [
        {
          namespace: "k",
          deployment: "stock",
          provisioner: "rancher.io/local-path",
          image: "rancher/local-path-provisioner:v0.0.31",
          replicas: 1,
          stack: undefined,
        },
        {
          namespace: "k",
          deployment: "named",
          provisioner: "rancher.io/fast",
          image: "own:1",
          replicas: 0,
          stack: undefined,
        },
      ],
      drivers: [],
      definitions: ["volumes.longhorn.io"],
      webhooks: ["v", "m"],
      namespaces: [{ name: "cache", labels: { l: "1" }, phase: "Terminating", stack: "p/dev" }],
      quotas: [{ namespace: "cache", name: "q", hard: { persistentvolumeclaims: "3" }, used: {} }],
      limitRanges: [
        { namespace: "cache", name: "l", type: "PersistentVolumeClaim", min: {}, max: { storage: "1Gi" } },
        { namespace: "cache", name: "l", type: "Pod", min: {}, max: {} },
      ],
      servers: [],
    });
    const definitions = asked.find(({ path }) => path.endsWith("/customresourcedefinitions"));
    assert.match(definitions?.accept ?? "", /as=PartialObjectMetadataList/);
    assert.deepEqual(
      asked.filter(({ path, body }) => body !== undefined && !path.endsWith("/selfsubjectaccessreviews")),
      [],
    );
  });

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
    await assert.rejects(gatherFacts(answering(401), stack().plan, {}), { message: "it doesn't know the credentials" });
    await assert.rejects(gatherFacts(answering(404), stack().plan, {}), {
      message: "it is no Kubernetes API: status 404",
    });
  });
});

const reviews = (asked: { body?: unknown }[]) =>
  asked.map(({ body }) => (body as { spec: { resourceAttributes: unknown } }).spec.resourceAttributes);

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

describe("rights that are given", () => {
  const readable = (given: ReturnType<typeof givenRights>) =>
    given.map(
      ({ verb, group, resource, name, namespace, to }) =>
        `${verb} ${group}/${resource}${name ? ` ${name}` : ""}${namespace ? ` in ${namespace}` : ""} to ${to}`,
    );
  const standard = { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], default: true };
  const moved = stack(
    { standard, other: { type: "existing", class: "other", accessModes: ["ReadWriteOnce"] } },
    {
      redis: {
        size: "2Gi",
        backend: "other",
        generation: 2,
        kept: [{ generation: 1, size: "1Gi", backend: "standard" }],
      },
    },
  );

  it("are those of the provisioner, in the cluster and in its namespace", () => {
    const given = readable(givenRights(stack().plan));
    assert.ok(given.includes("update /persistentvolumeclaims to backend disk"));
    assert.ok(given.includes("get /pods/log in disk-storage to backend disk"));
    assert.equal(
      given.length,
      provisionerRights.cluster.concat(provisionerRights.namespace).flatMap(({ verbs }) => verbs).length,
    );
    assert.deepEqual(givenRights(stack({ standard }).plan), []);
  });

  it("are those of each move, to single objects in the service's namespace", () => {
    const given = readable(givenRights(moved.plan));
    assert.deepEqual(
      given.filter((right) => right.includes("deployments")),
      ["get", "patch"].map((verb) => `${verb} apps/deployments redis in local-ai-system to the move of redis`),
    );
    assert.ok(given.includes("patch /persistentvolumeclaims redis-data in local-ai-system to the move of redis"));
    assert.ok(given.every((right) => right.endsWith("in local-ai-system to the move of redis")));
  });

  /**
   * Answers of a caller with these rights, and all that was asked, as `verb resource[/subresource] [name] [in
   * namespace]`.
   */
  async function answers(plan: Parameters<typeof givenRights>[0], has: (right: string) => boolean) {
    const readable = ({ verb, resource, subresource, name, namespace }: Record<string, string>) =>
      [`${verb} ${resource}${subresource ? `/${subresource}` : ""}`, name, namespace && `in ${namespace}`]
        .filter(Boolean)
        .join(" ");
    const { api, asked } = fakeApi({}, (access) => has(readable(access)));
    const refused = (await readGrants(reviewer(api), givenRights(plan))).filter(({ allowed }) => !allowed);
    return {
      refused: refused.map(({ verb, resource, name }) => [verb, resource, name].filter(Boolean).join(" ")),
      asked: reviews(asked)
        .map((review) => readable(review as Record<string, string>))
        .sort(),
    };
  }

  it("are not asked for one by one of who may write and bind any role", async () => {
    const { refused, asked } = await answers(stack().plan, (right) =>
      /^(escalate|bind) (clusterroles|roles)$/.test(right),
    );
    assert.deepEqual(
      [refused, asked],
      [[], ["* *", "bind clusterroles", "bind roles", "escalate clusterroles", "escalate roles"]],
    );
  });

  it("may be given in a namespace by who may write and bind any role there", async () => {
    assert.deepEqual(
      (await answers(moved.plan, (right) => /^(escalate|bind) roles in local-ai-system$/.test(right))).refused,
      [],
    );
    const { refused } = await answers(stack().plan, (right) => /^(escalate|bind) roles in disk-storage$/.test(right));
    assert.equal(refused.length, provisionerRights.cluster.flatMap(({ verbs }) => verbs).length);
  });

  it("may be given by who has them, each as narrow as it is given", async () => {
    const { refused, asked } = await answers(
      moved.plan,
      (right) => !/^(\*|escalate|bind) /.test(right) && !/^(patch deployments|delete pods\/log)/.test(right),
    );
    assert.deepEqual(refused, [
      "patch deployments redis",
      "delete pods/log redis-data-1-to-2-measure",
      "delete pods/log redis-data-1-to-2-copy",
    ]);
    assert.ok(
      asked.includes("patch deployments redis in local-ai-system") &&
        asked.includes("delete pods/log redis-data-1-to-2-copy in local-ai-system"),
    );
    assert.equal(new Set(asked).size, asked.length);
  });

  it("are not given by who may write any role and bind none", async () => {
    assert.notDeepEqual((await answers(moved.plan, (right) => right.startsWith("escalate"))).refused, []);
  });
});

describe("a server's answer", () => {
  it("is none where nothing listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    assert.deepEqual(await askServer("127.0.0.1", port), { host: "127.0.0.1", port });
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(await askServer("127.0.0.1", port), { host: "127.0.0.1", port, fault: "ECONNREFUSED" });
  });
});
