import type { ClassFacts, NamespaceFacts } from "../../model/facts";
import type { GrantAnswer } from "../../model/preflight-facts";
import { claimFacts, classFacts, volumeFacts } from "../facts";
import { error, node, ok, stack, table, unread, warning } from "./cluster";

const beta = "storageclass.beta.kubernetes.io/is-default-class";

/** The stack's own class as it makes it. */
const own = (more: Partial<ClassFacts> = {}) =>
  classFacts("disk", {
    provisioner: "rancher.io/disk",
    reclaimPolicy: "Retain",
    bindingMode: "WaitForFirstConsumer",
    isDefault: true,
    stack: "test/prod",
    ...more,
  });

const namespace = (name: string, more: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  name,
  labels: {},
  phase: "Active",
  ...more,
});

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
        warning("a is not ready, and volumes there out of reach", "kubectl describe node a"),
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

  const given = (right: Pick<GrantAnswer, "verb" | "resource"> & Partial<GrantAnswer>) => ({
    group: "",
    to: "backend disk",
    allowed: false,
    ...right,
  });
  const refuses =
    "the update makes roles with rights that these credentials don't have themselves, which Kubernetes refuses:";
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

  const classless = stack(
    { made: { type: "ephemeral", allowDataLoss: "a demo" } },
    { redis: { size: "2Gi", backend: "made" } },
  );
  table("default-class", [
    { title: "nobody else's", says: [ok("disk is the only default class after the update")] },
    {
      title: "another's, before the first update",
      facts: { classes: [classFacts("standard", { isDefault: true })] },
      says: [ok("disk is the only default class after the update, which takes the flag from standard")],
    },
    {
      title: "two at once",
      facts: { classes: [own(), classFacts("standard", { isDefault: true })] },
      says: [
        warning(
          "disk and standard are all the default now, so a claim without a class gets either",
          "update the stack, which takes its flag from standard",
        ),
      ],
    },
    {
      title: "another's by the old annotation",
      facts: { classes: [classFacts("old", { isDefault: true, isDefaultByBeta: true })] },
      says: [
        error(
          `old stays a default class besides the stack's, by the old annotation ${beta}`,
          `kubectl annotate storageclass old ${beta}-`,
        ),
      ],
    },
    {
      title: "an addon manager's",
      facts: {
        classes: [
          classFacts("standard", { isDefault: true, labels: { "addonmanager.kubernetes.io/mode": "Reconcile" } }),
        ],
      },
      says: [
        error(
          "standard becomes a default class again within a minute: the cluster's addon manager sets its flag",
          "switch the addon off; with Minikube: minikube addons disable default-storageclass",
        ),
      ],
    },
    {
      title: "k3s's",
      facts: {
        classes: [classFacts("local-path", { isDefault: true, labels: { "objectset.rio.cattle.io/hash": "1" } })],
      },
      says: [
        warning(
          "local-path may become a default class again: k3s sets its flag when a server starts",
          "start the k3s servers with --disable=local-storage",
        ),
      ],
    },
    {
      title: "a stack without classes",
      stack: classless,
      says: [ok("no class is the default, and the stack needs none")],
    },
    {
      title: "a stack without classes, and the cluster's own",
      stack: classless,
      facts: { classes: [classFacts("standard", { isDefault: true })] },
      says: [ok("standard stays the default class: the stack makes none")],
    },
    {
      title: "a stack without classes, and two of the cluster's",
      stack: classless,
      facts: { classes: [classFacts("a", { isDefault: true }), classFacts("b", { isDefault: true })] },
      says: [
        warning(
          "a and b are all the default, so a claim without a class gets either",
          "kubectl annotate storageclass a storageclass.kubernetes.io/is-default-class=false --overwrite",
        ),
      ],
    },
    {
      title: "a stack without classes that takes the flag away",
      stack: { ...classless, plan: { ...classless.plan, switchOff: ["standard"] } },
      facts: { classes: [classFacts("standard", { isDefault: true })] },
      says: [
        warning(
          "after the update no class is the default: the stack has none, and takes the flag from standard",
          "let one of its backends be the default (default: true), or run it on a cluster of its own",
        ),
      ],
    },
    { title: "unread", facts: { classes: undefined }, says: [unread("StorageClasses")] },
  ]);

  table("class-foreign", [
    {
      title: "none, or the stack's own",
      facts: { classes: [own()] },
      says: [ok("no class of somebody else's has the name of one of the stack's")],
    },
    {
      title: "somebody's",
      facts: { classes: [classFacts("disk", { provisioner: "rancher.io/local-path" })] },
      says: [
        error(
          "StorageClass disk is there already and belongs to somebody else (rancher.io/local-path)",
          "give this stack's another name in cluster-storage:backends.disk.class, or use the one that is " +
            "there: a backend of type existing",
        ),
      ],
    },
    {
      title: "another stack's",
      facts: { classes: [own({ stack: "test/dev" })] },
      says: [
        error(
          "StorageClass disk is there already and belongs to stack test/dev",
          "give this stack's another name in cluster-storage:backends.disk.class, or use the one that is " +
            "there: a backend of type existing",
        ),
      ],
    },
    {
      title: "a stack without classes of its own",
      stack: stack({ there: { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], default: true } }),
      says: [ok("the stack makes no class")],
    },
  ]);

  const claim = (name: string) => claimFacts({ namespace: "cache", name, className: "disk" });
  const move = "a service gets a volume of the new kind by a move: npm run move -- SERVICE";
  table("class-immutable", [
    { title: "as it is", facts: { classes: [own()] }, says: [ok("no class has to be replaced")] },
    {
      title: "changed, with claims",
      facts: {
        classes: [own({ reclaimPolicy: "Delete", parameters: { nodePath: "/data" } })],
        claims: [claim("x"), claim("y")],
      },
      says: [
        warning(
          "StorageClass disk is replaced, because a class can't be changed (reclaimPolicy Delete to Retain, " +
            "nodePath /data to none); 2 claims that it served keep the old",
          move,
        ),
      ],
    },
    {
      title: "changed, with one claim",
      facts: { classes: [own({ reclaimPolicy: "Delete" })], claims: [claim("x")] },
      says: [
        warning(
          "StorageClass disk is replaced, because a class can't be changed (reclaimPolicy Delete to Retain); " +
            "1 claim that it served keeps the old",
          move,
        ),
      ],
    },
    {
      title: "changed, without claims",
      facts: { classes: [own({ provisioner: "rancher.io/old" })] },
      says: [
        warning(
          "StorageClass disk is replaced, because a class can't be changed (provisioner rancher.io/old to " +
            "rancher.io/disk); it has made no claim's volume yet",
          move,
        ),
      ],
    },
  ]);

  const provisioner = {
    namespace: "kube-system",
    deployment: "local-path-provisioner",
    provisioner: "rancher.io/disk",
    image: "rancher/local-path-provisioner:v0.0.31",
    replicas: 1,
  };
  const alone = ok("no other provisioner answers to the name of one of the stack's");
  table("provisioner-name", [
    { title: "the stack's own", facts: { provisioners: [{ ...provisioner, stack: "test/prod" }] }, says: [alone] },
    {
      title: "another of another name",
      facts: { provisioners: [{ ...provisioner, provisioner: "rancher.io/local-path" }] },
      says: [alone],
    },
    { title: "another that doesn't run", facts: { provisioners: [{ ...provisioner, replicas: 0 }] }, says: [alone] },
    {
      title: "another of the same name",
      facts: { provisioners: [provisioner] },
      says: [
        error(
          "Deployment kube-system/local-path-provisioner answers to rancher.io/disk as well: for each claim " +
            "both make a volume",
          "take it away (kubectl -n kube-system delete deployment local-path-provisioner; k3s: " +
            "--disable=local-storage), or rename backend disk, which names the stack's own",
        ),
      ],
    },
    { title: "unread", facts: { provisioners: undefined }, says: [unread("Deployments of all namespaces")] },
  ]);

  const longhorn = stack({ replicated: { type: "longhorn", default: true } });
  const left = {
    definitions: ["volumes.longhorn.io", "nodes.longhorn.io", "leases.example.com"],
    webhooks: ["longhorn-webhook-validator", "other"],
    nodes: [node("a", { labels: { "node.longhorn.io/create-default-disk": "true" } })],
  };
  const remedy =
    "kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration --ignore-not-found " +
    "longhorn-webhook-validator\nkubectl delete crd volumes.longhorn.io nodes.longhorn.io\nkubectl delete " +
    "namespace longhorn-system\nkubectl label nodes a node.longhorn.io/create-default-disk-";
  const said =
    "an earlier Longhorn left webhooks (longhorn-webhook-validator), 2 definitions, namespace " +
    "longhorn-system, which can't end and labels on a";
  table("longhorn-leftovers", [
    { title: "none", says: [ok("nothing is left of an earlier Longhorn")] },
    {
      title: "some, in the way of the stack's",
      stack: longhorn,
      facts: { ...left, namespaces: [namespace("longhorn-system", { phase: "Terminating" })] },
      says: [error(said, remedy)],
    },
    {
      title: "some, of no concern to the stack",
      facts: { ...left, namespaces: [namespace("longhorn-system", { phase: "Terminating" })] },
      says: [warning(said, remedy)],
    },
    {
      title: "one that runs",
      facts: { ...left, drivers: ["driver.longhorn.io"], namespaces: [namespace("longhorn-system")] },
      says: [ok("Longhorn runs here, and nothing of it is left over")],
    },
    {
      title: "the stack's own",
      stack: longhorn,
      facts: {
        ...left,
        drivers: ["driver.longhorn.io"],
        namespaces: [namespace("longhorn-system", { stack: "test/prod" })],
      },
      says: [ok("the Longhorn that is here is this stack's")],
    },
    {
      title: "a driver and volumes of it",
      facts: {
        drivers: ["driver.longhorn.io"],
        volumes: [volumeFacts({ name: "pv", className: "longhorn", phase: "Released", driver: "driver.longhorn.io" })],
      },
      says: [
        warning(
          "an earlier Longhorn left 1 volume of its driver and its CSIDriver",
          "see what they hold and delete them\nkubectl delete csidriver driver.longhorn.io",
        ),
      ],
    },
  ]);

  const enforce = "pod-security.kubernetes.io/enforce";
  const admitted = ok("each namespace admits the pods that go there");
  table("pod-security", [
    { title: "none of them is there yet", facts: { namespaces: [namespace("default")] }, says: [admitted] },
    {
      title: "the stack's own",
      facts: {
        namespaces: [
          namespace("disk-storage", { stack: "test/prod", labels: { [enforce]: "privileged" } }),
          namespace("local-ai-system", { stack: "test/prod" }),
        ],
      },
      says: [admitted],
    },
    {
      title: "somebody's that refuses the provisioner's pods",
      facts: { namespaces: [namespace("disk-storage", { labels: { [enforce]: "baseline" } })] },
      says: [
        error(
          "namespace disk-storage is not this stack's and enforces baseline: pods that work on the nodes are " +
            "refused there",
          `kubectl label namespace disk-storage ${enforce}=privileged --overwrite, or rename the backend that ` +
            "it is named after",
        ),
      ],
    },
    {
      title: "somebody's without a label",
      facts: { namespaces: [namespace("disk-storage")] },
      says: [
        error(
          "namespace disk-storage is not this stack's and enforces the cluster's default: pods that work on " +
            "the nodes are refused there",
          `kubectl label namespace disk-storage ${enforce}=privileged --overwrite, or rename the backend that ` +
            "it is named after",
        ),
      ],
    },
    {
      title: "somebody's for a service",
      facts: { namespaces: [namespace("local-ai-system")] },
      says: [
        warning(
          "namespace local-ai-system is not this stack's; from the update on it enforces restricted for every " +
            "pod in it",
          "name another one in cluster-storage:services.SERVICE.namespace where others' pods need more",
        ),
      ],
    },
    {
      title: "one that is being deleted",
      facts: { namespaces: [namespace("local-ai-system", { phase: "Terminating", stack: "test/prod" })] },
      says: [
        error(
          "namespace local-ai-system is being deleted",
          "wait until it is gone; what holds it up: kubectl get namespace local-ai-system -o " +
            "jsonpath='{.status.conditions}'",
        ),
      ],
    },
  ]);

  const quota = (hard: Record<string, string>, used: Record<string, string> = {}) => [
    { namespace: "local-ai-system", name: "small", hard, used },
  ];
  const raise = "raise it (kubectl -n local-ai-system edit resourcequota small), or ask for less in the stack's config";
  const there = claimFacts({ namespace: "local-ai-system", name: "redis-data", className: "disk" });
  const fits = ok("no quota refuses a claim");
  table("quotas", [
    {
      title: "room for what is asked",
      facts: { quotas: quota({ "requests.storage": "2Gi", persistentvolumeclaims: "1", "requests.cpu": "0" }) },
      says: [fits],
    },
    {
      title: "another namespace's",
      facts: { quotas: [{ ...quota({ "requests.storage": "1" })[0]!, namespace: "other" }] },
      says: [fits],
    },
    {
      title: "too little storage",
      facts: { quotas: quota({ "requests.storage": "3Gi" }, { "requests.storage": "1536Mi" }) },
      says: [
        error(
          "quota local-ai-system/small allows 3Gi of requests.storage with 1.5Gi in use, and the update asks " +
            "for 2Gi more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "too few claims",
      facts: { quotas: quota({ persistentvolumeclaims: "0" }) },
      says: [
        error(
          "quota local-ai-system/small allows 0 of persistentvolumeclaims with 0 in use, and the update asks " +
            "for 1 more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "too few objects of the kind",
      facts: { quotas: quota({ "count/persistentvolumeclaims": "3" }, { "count/persistentvolumeclaims": "3" }) },
      says: [
        error(
          "quota local-ai-system/small allows 3 of count/persistentvolumeclaims with 3 in use, and the update " +
            "asks for 1 more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "too little of the class",
      facts: {
        quotas: quota({
          "disk.storageclass.storage.k8s.io/requests.storage": "1Gi",
          "other.storageclass.storage.k8s.io/requests.storage": "0",
        }),
      },
      says: [
        error(
          "quota local-ai-system/small allows 1Gi of disk.storageclass.storage.k8s.io/requests.storage with 0 " +
            "bytes in use, and the update asks for 2Gi more (redis-data)",
          raise,
        ),
      ],
    },
    {
      title: "a claim that is there and grows",
      facts: {
        claims: [there],
        quotas: quota(
          { "requests.storage": "1Gi", persistentvolumeclaims: "1" },
          { "requests.storage": "1Gi", persistentvolumeclaims: "1" },
        ),
      },
      says: [
        error(
          "quota local-ai-system/small allows 1Gi of requests.storage with 1Gi in use, and the update asks " +
            "for 1Gi more (redis-data)",
          raise,
        ),
      ],
    },
    { title: "unread", facts: { quotas: undefined }, says: [unread("quotas")] },
  ]);

  const limits = (range: object) => [
    { namespace: "local-ai-system", name: "sizes", type: "PersistentVolumeClaim", min: {}, max: {}, ...range },
  ];
  const other =
    "set another size in cluster-storage:services.redis.size, or kubectl -n local-ai-system edit limitrange sizes";
  table("limit-ranges", [
    {
      title: "within",
      facts: { limitRanges: limits({ min: { storage: "2Gi" }, max: { storage: "2Gi" } }) },
      says: [ok("no limit range refuses a claim")],
    },
    {
      title: "of containers only",
      facts: { limitRanges: limits({ type: "Container", max: { storage: "1" } }) },
      says: [ok("no limit range refuses a claim")],
    },
    {
      title: "too large",
      facts: { limitRanges: limits({ max: { storage: "1Gi" } }) },
      says: [
        error("limit range local-ai-system/sizes wants claims of at most 1Gi, and redis-data asks for 2Gi", other),
      ],
    },
    {
      title: "too small",
      facts: { limitRanges: limits({ min: { storage: "5Gi" } }) },
      says: [
        error("limit range local-ai-system/sizes wants claims of at least 5Gi, and redis-data asks for 2Gi", other),
      ],
    },
    { title: "unread", facts: { limitRanges: undefined }, says: [unread("limit ranges")] },
  ]);
});
