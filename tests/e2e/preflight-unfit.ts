import { quotaNamespace } from "./doctored";
import { oldDefaultTitle, oldDefaultWayOut } from "./preflight-ground";

const image = (name: string) =>
  "  build an image with siderolabs/iscsi-tools and siderolabs/util-linux-tools, then: talosctl " +
  `-n ${name} upgrade --image IMAGE`;

/** What preflight says of the cluster that `doctored` and its fake nodes make: each line that is no tick. */
export const ofUnfitCluster = [
  "error chart-source: http://127.0.0.1:1, from which backend big fetches the chart longhorn 1.12.1 at each preview " +
    "and update, refuses connections",
  "  name another repository in cluster-storage:backends.big.repository or in cluster-storage:charts.mirror, or the " +
    "chart's own archive in cluster-storage:backends.big.chart: docs/charts.md",
  `error default-class: ${oldDefaultTitle}`,
  `  ${oldDefaultWayOut}`,
  "error provisioner-name: Deployment default/somebody-elses answers to rancher.io/disk as well: for " +
    "each claim both make a volume",
  "  take it away (kubectl -n default delete deployment somebody-elses; k3s: --disable=local-storage), " +
    "or rename backend disk, which names the stack's own",
  "error longhorn-leftovers: an earlier Longhorn left webhooks (longhorn-webhook-validator), 1 " +
    "definition without objects and namespace longhorn-system",
  "  kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration --ignore-not-found " +
    "longhorn-webhook-validator\nkubectl delete crd volumes.longhorn.io\nkubectl delete namespace " +
    "longhorn-system",
  "error pod-security: namespace longhorn-system is in the cluster already and belongs to no stack, so an " +
    "update can't create it",
  "  take it over with npm run adopt (from the update on it enforces privileged for every pod in it, " +
    "others' too), or rename the backend that it is named after",
  `error pod-security: namespace ${quotaNamespace} is in the cluster already and belongs to no stack, so an ` +
    "update can't create it",
  "  take it over with npm run adopt (from the update on it enforces restricted for every pod in it, " +
    "others' too), or name another one in cluster-storage:services.SERVICE.namespace",
  `error quotas: quota ${quotaNamespace}/small allows 1Gi of requests.storage with 0 bytes in use, and ` +
    "the update asks for 2.0 GiB more (redis-data)",
  `  raise it (kubectl -n ${quotaNamespace} edit resourcequota small), or ask for less in the stack's config`,
  `error limit-ranges: limit range ${quotaNamespace}/sizes wants claims of at most 1Gi, and redis-data ` +
    "asks for 2Gi",
  `  set another size in cluster-storage:services.redis.size, or kubectl -n ${quotaNamespace} edit ` +
    "limitrange sizes",
  `error pod-quotas: quota ${quotaNamespace}/small allows 1Gi of limits.ephemeral-storage, and the services' pods ` +
    "there ask for more together (redis 2Gi)",
  `  raise it (kubectl -n ${quotaNamespace} edit resourcequota small), or ask for less in the stack's config`,
  `error pod-limit-ranges: limit range ${quotaNamespace}/sizes wants each container to have at most 1Gi of ` +
    "ephemeral-storage, and that of redis has 2Gi",
  `  kubectl -n ${quotaNamespace} edit limitrange sizes`,
  "skipped local-path-mount: it is not known whether /opt/volumes is a mount of its own on local, talos-1 " +
    "and talos-2, until a volume there is in use or a probe pod looks",
  "skipped local-path-writable: it is not known whether /opt/volumes can be written to on local, until a " +
    "volume is made there or a probe pod looks",
  "error local-path-writable: /opt/volumes on talos-1 and talos-2 is read-only: Talos lets nothing " +
    "write outside /var",
  "  use a user volume, which is mounted below /var/mnt: docs/talos.md",
  "skipped local-path-space: it is not known how much room the paths have, until a volume there is in " +
    "use or a probe pod looks",
  "skipped local-path-talos: talosctl didn't answer here, so it is not known whether Talos on " +
    "talos-1 has what /opt/volumes needs",
  "skipped local-path-talos: talosctl didn't answer here, so it is not known whether Talos on " +
    "talos-2 has what /opt/volumes needs",
  "error longhorn-nodes: 4 replicas of each volume need as many nodes, and 3 nodes take pods",
  "  add nodes, or set cluster-storage:backends.big.replicas to 3, with what that means for a lost node",
  "error longhorn-iscsi: talos-1 has no iscsi-tools extension and util-linux-tools extension",
  image("talos-1"),
  "error longhorn-iscsi: talos-2 has no iscsi-tools extension and util-linux-tools extension",
  image("talos-2"),
  "skipped longhorn-iscsi: only a probe pod can tell whether local has iscsiadm",
  "skipped longhorn-modules: only a probe pod can tell which kernel modules local has",
  "skipped longhorn-mounts: only a probe pod can tell how /var/lib/longhorn is mounted on local, talos-1 and " +
    "talos-2",
  "skipped longhorn-multipath: only a probe pod can tell whether multipathd leaves Longhorn's disks alone on local",
];
