import assert from "node:assert/strict";
import { gatherFacts } from "../../preflight/gather";
import { oneOfEach } from "./gather-objects";
import { stack } from "./cluster";
import { fakeApi } from "./gather-fixtures";

describe("what is read of a cluster", () => {
  it("is turned into facts, kind by kind", async () => {
    const { api, asked } = fakeApi(oneOfEach);
    const { access, grants, ...found } = await gatherFacts(api, stack().plan, {
      kubelets: true,
      groups: ["longhorn.io"],
    });
    assert.ok([...access, ...grants].every(({ allowed }) => allowed));
    assert.deepEqual(found, {
      server: { url: "https://10.0.0.1:6443", version: "v1.36.3" },
      apiServers: [
        { name: "kube-apiserver-a", encrypts: true },
        { name: "kube-apiserver-b", encrypts: false },
      ],
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
          allocatable: { cpu: "1900m" },
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
          tiedTo: ["a"],
          claim: "cache/redis-data",
          claimUid: "0815",
          created: "2026-01-01T00:00:00.000Z",
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
      programs: [
        { kind: "Deployment", namespace: "w", name: "web", images: ["nginx:1"] },
        { kind: "Deployment", namespace: "k", name: "stock", images: ["rancher/local-path-provisioner:v0.0.31"] },
        { kind: "Deployment", namespace: "k", name: "named", images: ["own:1"] },
        { kind: "DaemonSet", namespace: "k", name: "agent", images: ["a:1", "b:1"] },
      ],
      drivers: [],
      definitions: ["volumes.longhorn.io"],
      releases: { "volumes.longhorn.io": "" },
      customObjects: [{ definition: "volumes.longhorn.io", namespace: "storage", name: "pvc-1" }],
      webhooks: ["v", "m"],
      namespaces: [{ name: "cache", labels: { l: "1" }, phase: "Terminating", stack: "p/dev" }],
      quotas: [{ namespace: "cache", name: "q", hard: { persistentvolumeclaims: "3" }, used: {} }],
      limitRanges: [
        { namespace: "cache", name: "l", type: "PersistentVolumeClaim", min: {}, max: { storage: "1Gi" } },
        { namespace: "cache", name: "l", type: "Pod", min: {}, max: {} },
      ],
      charts: [],
      servers: [],
    });
    const definitions = asked.find(({ path }) => path.endsWith("/customresourcedefinitions"));
    assert.match(definitions?.accept ?? "", /as=PartialObjectMetadataList/);
    assert.deepEqual(
      asked.filter(({ path, body }) => body !== undefined && !path.endsWith("/selfsubjectaccessreviews")),
      [],
    );
  });
});
