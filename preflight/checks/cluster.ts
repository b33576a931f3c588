import { coerce, lt, minor } from "semver";
import type { GeneralCheck } from "../../model/backend";
import { takesPodOf, whyUnfit } from "../nodes";
import { listed, results } from "../results";

const group = "cluster";
/** The first version in which every cluster has ReadWriteOncePod. */
const oldest = "1.29";
/** The version of the local cluster, which the tests run on. */
const newest = "1.36";

/** A node that has only just joined states no version. */
const isOlder = (version: string) => lt(coerce(version) ?? `${oldest}.0`, `${oldest}.0`);

/** Without an answer there are no facts, and so no other check. */
export const clusterReachable: GeneralCheck = {
  id: "cluster-reachable",
  group,
  run({ facts: { server } }) {
    return [results(this.id).ok(`the API server at ${server.url} answers`)];
  },
};

/** The only result where the cluster doesn't answer. */
export const unreachable = (url: string, reason: string) => ({
  group,
  ...results(clusterReachable.id).error(
    `the API server at ${url} can't be used: ${reason}`,
    "start the cluster, renew the credentials, or name another context in cluster-storage:cluster.context",
  ),
});

export const clusterVersion: GeneralCheck = {
  id: "cluster-version",
  group,
  run({ facts: { server, nodes = [] } }) {
    const { ok, warning, error } = results(this.id);
    const old = nodes.filter(({ kubeletVersion }) => isOlder(kubeletVersion));
    if (isOlder(server.version))
      return [
        error(
          `Kubernetes ${server.version} is older than ${oldest}, the first that is supported`,
          "upgrade the cluster first",
        ),
      ];
    if (old.length > 0) {
      const which = old.map(({ name, kubeletVersion }) => `${name} (${kubeletVersion})`);
      return [
        error(
          `the kubelet of ${listed(which)} is older than ${oldest}, the first that is supported`,
          "upgrade these nodes first",
        ),
      ];
    }
    const tried = minor(coerce(server.version) ?? "0.0.0") <= minor(`${newest}.0`);
    if (!tried)
      return [
        warning(
          `Kubernetes ${server.version} is newer than ${newest}, the newest that this was tested with`,
          "try it on a test cluster first",
        ),
      ];
    return [ok(`Kubernetes ${server.version} is in the supported range, ${oldest} to ${newest}`)];
  },
};

export const clusterNodes: GeneralCheck = {
  id: "cluster-nodes",
  group,
  run({ facts: { nodes }, plan: { services } }) {
    const { ok, warning, error, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const unfit = nodes.filter(
      (node) => whyUnfit(node) && !services.some((service) => service.run && takesPodOf(service, node)),
    );
    const why = listed(unfit.map((node) => `${node.name} ${whyUnfit(node)}`));
    if (unfit.length === nodes.length) {
      return [
        error(
          nodes.length === 0 ? "the cluster has no node" : `no node takes pods: ${why}`,
          "kubectl get nodes; wait until one is Ready, or kubectl uncordon NODE, or kubectl taint nodes NODE KEY-",
        ),
      ];
    }
    const lost = nodes.filter(({ conditions }) => conditions.Ready !== "True").map(({ name }) => name);
    const full = nodes.filter(({ conditions }) => conditions.DiskPressure === "True").map(({ name }) => name);
    const warnings = [
      ...(lost.length > 0
        ? [
            warning(
              `${listed(lost)} ${lost.length === 1 ? "is" : "are"} not ready, so volumes there can't be reached`,
              `kubectl describe node ${lost[0]}`,
            ),
          ]
        : []),
      ...(full.length > 0
        ? [
            warning(
              `${listed(full)} ${full.length === 1 ? "is" : "are"} short of disk and may evict pods`,
              `make room on the node's own disk: kubectl describe node ${full[0]}`,
            ),
          ]
        : []),
    ];
    return warnings.length > 0
      ? warnings
      : [
          ok(
            nodes.length === 1
              ? "the one node takes pods"
              : `${nodes.length - unfit.length} of ${nodes.length} nodes take pods`,
          ),
        ];
  },
};
