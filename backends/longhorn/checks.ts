import type { Check, CheckResult } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import { isTalos, takesPods } from "../../preflight/nodes";
import { mountOf } from "../shared/mounts";
import { count } from "../../model/quantity";
import { longhornMultipath } from "./check-multipath";
import { kubeletCheck } from "../shared/check-kubelet";
import { driverCheck, type DriverSettings } from "../shared/check-driver";
import { listed, results } from "../../preflight/results";

/** The part of a Longhorn backend's config that the checks use. */
export interface LonghornSettings extends DriverSettings {
  replicas: number;
  /** The directory on the nodes in which replicas are kept. */
  dataPath: string;
  encrypted: boolean;
}

const group = "longhorn";
const probe = "npm run preflight -- --probe";
const extensions = ["iscsi-tools", "util-linux-tools"];
const labelPrefix = "extensions.talos.dev/";

const longhornNodes: Check<LonghornSettings> = {
  id: "longhorn-nodes",
  group,
  run({ name, config: { replicas }, facts: { nodes } }) {
    const { ok, error, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const fit = nodes.filter(takesPods).length;
    const have = `${count(fit, "node")} ${fit === 1 ? "takes" : "take"} pods`;
    if (fit >= replicas) return [ok(`${have}, enough for ${count(replicas, "replica")}`)];
    return [
      error(
        `${count(replicas, "replica")} of each volume need as many nodes, and ${have}`,
        `add nodes, or set cluster-storage:backends.${name}.replicas to ${Math.max(1, fit)}, with what that ` +
          "means for a lost node",
      ),
    ];
  },
};

/** Whether a node can use iSCSI. Without it, Longhorn installs, and then fails at the first volume. */
const longhornIscsi: Check<LonghornSettings> = {
  id: "longhorn-iscsi",
  group,
  asks: () => ({ programs: ["iscsiadm"] }),
  run({ facts: { nodes } }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const judged = nodes.filter(takesPods).map((node) => ({ node, missing: missingTools(node) }));
    const lacking = judged.flatMap(({ node, missing }) => (missing && missing.length > 0 ? [{ node, missing }] : []));
    const unsure = judged.filter(({ missing }) => !missing).map(({ node }) => node.name);
    const faults = lacking.map(({ node, missing }) => error(`${node.name} has no ${listed(missing)}`, remedy(node)));
    const open =
      unsure.length > 0
        ? [
            unknown(
              `only a probe pod can tell whether ${listed(unsure)} ${unsure.length === 1 ? "has" : "have"} iscsiadm`,
              probe,
            ),
          ]
        : [];
    return faults.length + open.length > 0 ? [...faults, ...open] : [ok("every node has the iSCSI tools")];
  },
};

/** What a node lacks. Undefined if that is not known. */
function missingTools({ labels, annotations, talos, probe, ...node }: NodeFacts): string[] | undefined {
  if (isTalos({ labels, annotations, ...node })) {
    const known =
      talos?.extensions ??
      Object.keys({ ...labels, ...annotations })
        .filter((key) => key.startsWith(labelPrefix))
        .map((key) => key.slice(labelPrefix.length));
    return extensions.filter((extension) => !known.includes(extension)).map((extension) => `${extension} extension`);
  }
  return probe && (probe.programs.includes("iscsiadm") ? [] : ["iscsiadm"]);
}

function remedy(node: NodeFacts): string {
  if (isTalos(node))
    return (
      "build an image with siderolabs/iscsi-tools and siderolabs/util-linux-tools, then: talosctl " +
      `-n ${node.name} upgrade --image IMAGE`
    );
  return (
    "install open-iscsi (Debian, Ubuntu) or iscsi-initiator-utils (Red Hat, SUSE: open-iscsi), and systemctl " +
    "enable --now iscsid"
  );
}

const longhornModules: Check<LonghornSettings> = {
  id: "longhorn-modules",
  group,
  run({ config: { encrypted }, facts: { nodes } }) {
    const { ok, warning, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const modules = ["iscsi_tcp", ...(encrypted ? ["dm_crypt"] : [])];
    // Talos has the modules in its kernel.
    const fit = nodes.filter(takesPods).filter((node) => !isTalos(node));
    const faults = modules.flatMap((module): CheckResult[] => {
      const without = fit.filter(({ probe }) => probe && !probe.modules.includes(module)).map(({ name }) => name);
      return without.length > 0
        ? [
            warning(
              `the kernel module ${module} is not loaded on ${listed(without)}`,
              `modprobe ${module}, and its name in a file of /etc/modules-load.d`,
            ),
          ]
        : [];
    });
    const unsure = fit.filter(({ probe }) => !probe).map(({ name }) => name);
    if (unsure.length > 0)
      faults.push(
        unknown(
          `only a probe pod can tell which kernel modules ${listed(unsure)} ${unsure.length === 1 ? "has" : "have"}`,
          probe,
        ),
      );
    return faults.length > 0 ? faults : [ok("every node has the kernel modules")];
  },
};

/** The data path has to be on a shared mount, or the kubelet passes no mounts on to Longhorn's pods. */
const longhornMounts: Check<LonghornSettings> = {
  id: "longhorn-mounts",
  group,
  asks: ({ dataPath }) => ({ paths: [dataPath] }),
  run({ config: { dataPath: path }, facts: { nodes } }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const judged = nodes.filter(takesPods).map((node) => ({ node, shared: isShared(node, path) }));
    const faults = judged
      .filter(({ shared }) => shared === false)
      .map(({ node }) =>
        error(
          `${path} on ${node.name} is not shared with pods that mount it`,
          isTalos(node)
            ? `give it in machine.kubelet.extraMounts with the options bind, rshared and rw`
            : `mount --make-rshared ${mountOf(path, node.probe?.mounts ?? [])?.point ?? "/"}`,
        ),
      );
    const unsure = judged.filter(({ shared }) => shared === undefined).map(({ node }) => node.name);
    if (unsure.length > 0)
      faults.push(unknown(`only a probe pod can tell how ${path} is mounted on ${listed(unsure)}`, probe));
    return faults.length > 0 ? faults : [ok(`${path} is shared with pods on every node`)];
  },
};

function isShared({ talos, probe }: NodeFacts, path: string): boolean | undefined {
  if (talos) return talos.extraMounts.some((mount) => path === mount || path.startsWith(`${mount}/`));
  return probe && (mountOf(path, probe.mounts)?.shared ?? false);
}

export const longhornChecks: Check<LonghornSettings>[] = [
  driverCheck("longhorn", "driver.longhorn.io"),
  kubeletCheck("longhorn"),
  longhornNodes,
  longhornIscsi,
  longhornModules,
  longhornMounts,
  longhornMultipath,
];
