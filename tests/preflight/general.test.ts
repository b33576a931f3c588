import { error, node, ok, table, unread, warning } from "./cluster";
import { given, refuses } from "./general-fixtures";

describe("preflight of any cluster", () => {
  table("cluster-reachable", [
    { title: "has an answer", says: [ok("the API server at https://10.0.0.1:6443 answers")] },
  ]);

  table("cluster-version", [
    { title: "in the range", says: [ok("Kubernetes v1.36.3 is in the supported range, 1.29 to 1.36")] },
    {
      title: "the range's first, with a distribution's suffix",
      facts: { server: { url: "", version: "v1.29.0+k3s1" } },
      says: [ok("Kubernetes v1.29.0+k3s1 is in the supported range, 1.29 to 1.36")],
    },
    {
      title: "too old",
      facts: { server: { url: "", version: "v1.28.15" } },
      says: [error("Kubernetes v1.28.15 is older than 1.29, the first that is supported", "upgrade the cluster first")],
    },
    {
      title: "newer than tested",
      facts: { server: { url: "", version: "v1.37.0" } },
      says: [
        warning(
          "Kubernetes v1.37.0 is newer than 1.36, the newest that this was tested with",
          "try it on a test cluster first",
        ),
      ],
    },
    {
      title: "an old kubelet",
      facts: { nodes: [node("a"), node("b", { kubeletVersion: "v1.27.3" }), node("new", { kubeletVersion: "" })] },
      says: [
        error(
          "the kubelet of b (v1.27.3) is older than 1.29, the first that is supported",
          "upgrade these nodes first",
        ),
      ],
    },
  ]);

  table("cluster-nodes", [
    { title: "one", says: [ok("the one node takes pods")] },
    {
      title: "some, beside a control plane",
      facts: {
        nodes: [
          node("a"),
          node("b"),
          node("c", { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }),
        ],
      },
      says: [ok("2 of 3 nodes take pods")],
    },
    {
      title: "a taint that only prefers others",
      facts: { nodes: [node("a", { taints: [{ key: "slow", effect: "PreferNoSchedule" }] })] },
      says: [ok("the one node takes pods")],
    },
    {
      title: "none",
      facts: {
        nodes: [
          node("a", { conditions: { Ready: "Unknown" } }),
          node("b", { unschedulable: true }),
          node("c", { taints: [{ key: "gpu", effect: "NoExecute" }] }),
        ],
      },
      says: [
        error(
          "no node takes pods: a is not ready, b is cordoned and c has the taint gpu",
          "kubectl get nodes; wait until one is Ready, or kubectl uncordon NODE, or kubectl taint nodes NODE KEY-",
        ),
      ],
    },
    {
      title: "a lost one and a full one",
      facts: {
        nodes: [
          node("a", { conditions: { Ready: "False" } }),
          node("b", { conditions: { Ready: "True", DiskPressure: "True" } }),
        ],
      },
      says: [
        warning("a is not ready, so volumes there can't be reached", "kubectl describe node a"),
        warning("b is short of disk and may evict pods", "make room on the node's own disk: kubectl describe node b"),
      ],
    },
    { title: "unread", facts: { nodes: undefined }, says: [unread("nodes")] },
  ]);

  table("rights", [
    { title: "all", says: [ok("the context's credentials may do all that an update does")] },
    {
      title: "some refused",
      facts: {
        access: [
          { verb: "create", group: "storage.k8s.io", resource: "storageclasses", allowed: false },
          ...["get", "list", "watch", "create", "patch", "delete"].map((verb) => ({
            verb,
            group: "",
            resource: "secrets",
            namespace: "cache",
            allowed: false,
          })),
          { verb: "delete", group: "apps", resource: "deployments", namespace: "cache", allowed: false },
          { verb: "delete", group: "apps", resource: "deployments", namespace: "data", allowed: false },
          { verb: "create", group: "apps", resource: "deployments", namespace: "data", allowed: true },
        ],
      },
      says: [
        error(
          "rights are missing: create storageclasses.storage.k8s.io, anything with secrets in cache and " +
            "delete deployments.apps in cache and data",
          "have them granted (kubectl --context home auth can-i create storageclasses tells), or name another " +
            "context in cluster-storage:cluster.context",
        ),
      ],
    },
  ]);
});

describe("preflight of any cluster", () => {
  table("rights", [
    {
      title: "to give are missing for all of the cluster",
      facts: {
        grants: [
          given({ verb: "update", resource: "persistentvolumeclaims" }),
          given({ verb: "get", resource: "nodes", allowed: true }),
          given({ verb: "get", resource: "pods/log", namespace: "disk-storage" }),
        ],
      },
      says: [
        error(
          `${refuses} update persistentvolumeclaims and get pods/log in disk-storage, for backend disk`,
          "have escalate and bind granted for clusterroles and roles (docs/ci.md; kubectl --context home auth " +
            "can-i escalate clusterroles tells) or these rights themselves, or name another context in " +
            "cluster-storage:cluster.context",
        ),
      ],
    },
    {
      title: "to give are missing for moves, and another is missing itself",
      facts: {
        access: [{ verb: "create", group: "batch", resource: "jobs", namespace: "cache", allowed: false }],
        grants: ["redis-data", "redis-data-2"].map((name) =>
          given({
            verb: "patch",
            resource: "persistentvolumeclaims",
            name,
            namespace: "cache",
            to: "the move of redis",
          }),
        ),
      },
      says: [
        error(
          "rights are missing: create jobs.batch in cache",
          "have them granted (kubectl --context home auth can-i create jobs -n cache tells), or name another " +
            "context in cluster-storage:cluster.context",
        ),
        error(
          `${refuses} patch persistentvolumeclaims in cache, for the move of redis`,
          "have escalate and bind granted for roles (docs/ci.md; kubectl --context home auth can-i escalate " +
            "roles -n cache tells) or these rights themselves, or name another context in " +
            "cluster-storage:cluster.context",
        ),
      ],
    },
  ]);

  table("secrets-at-rest", [
    { title: "may not be known", says: [unread("the pods of kube-system")] },
    {
      title: "no API server in a pod",
      facts: { apiServers: [] },
      says: [],
    },
    {
      title: "encrypted by each",
      facts: { apiServers: [{ name: "kube-apiserver-a", encrypts: true }] },
      says: [ok("every API server has a file that says how Secrets are encrypted in etcd")],
    },
    {
      title: "not by each",
      facts: {
        apiServers: [
          { name: "kube-apiserver-a", encrypts: true },
          { name: "kube-apiserver-b", encrypts: false },
        ],
      },
      says: [ok("Secrets are not encrypted in etcd by kube-apiserver-b; docs/at-rest.md says how to change that")],
    },
  ]);
});
