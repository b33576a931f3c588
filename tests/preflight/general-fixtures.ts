import type { ClassFacts, NamespaceFacts } from "../../model/facts";
import type { GrantAnswer } from "../../model/preflight-facts";
import { claimFacts, classFacts } from "../facts";
import { node, ok, stack } from "./cluster";

export const beta = "storageclass.beta.kubernetes.io/is-default-class";

/** The stack's own class as it makes it. */
export const own = (more: Partial<ClassFacts> = {}) =>
  classFacts("disk", {
    provisioner: "rancher.io/disk",
    reclaimPolicy: "Retain",
    bindingMode: "WaitForFirstConsumer",
    isDefault: true,
    stack: "test/prod",
    ...more,
  });

export const namespace = (name: string, more: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  name,
  labels: {},
  phase: "Active",
  ...more,
});

export const given = (right: Pick<GrantAnswer, "verb" | "resource"> & Partial<GrantAnswer>) => ({
  group: "",
  to: "backend disk",
  allowed: false,
  ...right,
});

export const refuses =
  "the update makes roles with rights that these credentials don't have themselves, which Kubernetes refuses:";

export const classless = stack(
  { made: { type: "ephemeral", allowDataLoss: "a demo" } },
  { redis: { size: "2Gi", backend: "made" } },
);

export const claim = (name: string) => claimFacts({ namespace: "cache", name, className: "disk" });

export const move = "to give a service a volume of the new kind, move it: npm run move -- SERVICE";

export const provisioner = {
  namespace: "kube-system",
  deployment: "local-path-provisioner",
  provisioner: "rancher.io/disk",
  image: "rancher/local-path-provisioner:v0.0.31",
  replicas: 1,
};

export const alone = ok("no other provisioner has the name of one of this stack's provisioners");

export const longhorn = stack({ replicated: { type: "longhorn", default: true } });

export const left = {
  definitions: ["volumes.longhorn.io", "nodes.longhorn.io", "leases.example.com"],
  webhooks: ["longhorn-webhook-validator", "other"],
  nodes: [node("a", { labels: { "node.longhorn.io/create-default-disk": "true" } })],
};

/** Of a Longhorn in another namespace than its own. */
export const objects = {
  customObjects: [
    { definition: "nodes.longhorn.io", namespace: "storage", name: "a" },
    { definition: "volumes.longhorn.io", namespace: "storage", name: "pvc-1" },
  ],
};

export const manager = {
  kind: "DaemonSet" as const,
  namespace: "storage",
  name: "longhorn-manager",
  images: ["mirror.example.com/longhornio/longhorn-manager:v1.12.1"],
};

export const keep =
  "delete none of its definitions, because a definition's objects go with it, and Longhorn finds the data on the " +
  "nodes by them; install the Longhorn again that made them (the same version, in the same namespace), see what its " +
  "volumes hold, and uninstall it by its own way, which refuses while a volume is in use";

export const remedy =
  "kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration --ignore-not-found " +
  "longhorn-webhook-validator\nkubectl delete crd volumes.longhorn.io nodes.longhorn.io\nkubectl delete " +
  "namespace longhorn-system\nkubectl label nodes a node.longhorn.io/create-default-disk-";

export const said =
  "an earlier Longhorn left webhooks (longhorn-webhook-validator), 2 definitions without objects, namespace " +
  "longhorn-system, which can't end and labels on a";

export const enforce = "pod-security.kubernetes.io/enforce";

export const admitted = ok("each namespace admits the pods that go there");

export const quota = (hard: Record<string, string>, used: Record<string, string> = {}) => [
  { namespace: "local-ai-system", name: "small", hard, used },
];

export const raise =
  "raise it (kubectl -n local-ai-system edit resourcequota small), or ask for less in the stack's config";

export const there = claimFacts({ namespace: "local-ai-system", name: "redis-data", className: "disk" });

export const fits = ok("no quota refuses a claim");

export const limits = (range: object) => [
  { namespace: "local-ai-system", name: "sizes", type: "PersistentVolumeClaim", min: {}, max: {}, ...range },
];

export const other =
  "set another size in cluster-storage:services.redis.size, or kubectl -n local-ai-system edit limitrange sizes";
