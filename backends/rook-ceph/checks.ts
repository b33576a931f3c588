import type { Check } from "../../model/backend";
import { suggest } from "../../model/nearest";
import type { DeviceFacts, NodeFacts } from "../../model/node-facts";
import { takesPods } from "../../preflight/nodes";
import { count } from "../../model/quantity";
import { listed, results } from "../../preflight/results";
import { kubeletCheck } from "../shared/check-kubelet";
import { driverCheck, type DriverSettings } from "../shared/check-driver";
import { provisionerOf } from "./names";

/** The part of a Rook backend's config that the checks use. */
export interface CephSettings extends DriverSettings {
  replicas: number;
  /** The disks that Ceph takes, by node. If there are none, Ceph takes all disks that `deviceFilter` matches. */
  nodes: Record<string, string[]>;
  deviceFilter?: string;
}

const group = "rook-ceph";
const wipe = "a disk that was used: wipefs --all DEVICE, which destroys what is on it";

const cephNodes: Check<CephSettings> = {
  id: "rook-ceph-nodes",
  group,
  run({ name, config: { replicas, nodes: named }, facts: { nodes } }) {
    const { ok, error, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const known = nodes.map((node) => node.name);
    const unknown = Object.keys(named).filter((node) => !known.includes(node));
    if (unknown.length > 0)
      return unknown.map((node) =>
        error(`the cluster has no node ${node}, which backends.${name}.nodes names`, suggest(node, known)),
      );
    const fit = nodes.filter(takesPods).filter(({ name }) => mayHaveDisks(named, name)).length;
    const which = Object.keys(named).length > 0 ? " of those with disks" : "";
    const have = `${count(fit, "node")}${which} ${fit === 1 ? "takes" : "take"} pods`;
    if (fit >= replicas) return [ok(`${have}, enough for ${count(replicas, "copy", "copies")}`)];
    return [
      error(
        `${count(replicas, "copy", "copies")} of all data need as many nodes, and ${have}`,
        "add nodes, or choose a backend for fewer: docs/backends",
      ),
    ];
  },
};

/** Ceph takes only whole disks with nothing on them. It skips all others without a message. */
const cephDevices: Check<CephSettings> = {
  id: "rook-ceph-devices",
  group,
  asks: ({ install }) => ({ disks: install }),
  run({ config, facts: { nodes } }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    if (!config.install) return [];
    const fit = nodes.filter(takesPods).filter(({ name }) => mayHaveDisks(config.nodes, name));
    if (!isPattern(config.deviceFilter))
      return [
        unknown(
          `preflight can't tell which disks match ${config.deviceFilter}, because ` +
            "the pattern is written for Go and can't be read here",
        ),
      ];
    const unsure = fit.filter(({ probe }) => !probe).map(({ name }) => name);
    if (unsure.length > 0)
      return [
        unknown(`only a probe pod can tell which disks of ${listed(unsure)} are raw`, "npm run preflight -- --probe"),
      ];
    const used = fit.flatMap((node) =>
      (config.nodes[node.name] ?? [])
        .filter((disk) => !rawDisks(node, disk).length)
        .map((disk) => `${disk} of ${node.name}`),
    );
    if (used.length > 0)
      return [error(`${listed(used)} ${used.length === 1 ? "is" : "are"} not there or not raw`, wipe)];
    const having = fit.filter((node) => rawDisks(node, undefined, config.deviceFilter).length > 0);
    if (having.length >= config.replicas) return [ok(`${listed(having.map(({ name }) => name))} have raw disks`)];
    const without = fit.filter((node) => !having.includes(node)).map(({ name }) => name);
    return [
      error(
        `${count(config.replicas, "copy", "copies")} need a raw disk on as many nodes, ` +
          `and ${listed(without)} ${without.length === 1 ? "has" : "have"} none`,
        `add a disk without partitions and file system; ${wipe}`,
      ),
    ];
  },
};

/** If the config names no disks, Ceph takes the disks of any node that match the filter. */
const mayHaveDisks = (named: CephSettings["nodes"], node: string) => Object.keys(named).length === 0 || node in named;

/** Whether JavaScript can read the pattern. Rook is written in Go, which has other patterns too, such as (?i)^sd. */
function isPattern(text = ""): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

function rawDisks({ probe }: NodeFacts, named?: string, pattern = ""): DeviceFacts[] {
  const wanted = (disk: string) =>
    named === undefined ? new RegExp(pattern).test(disk) : named === disk || named === `/dev/${disk}`;
  // A path below /dev/disk is a link, which the probe pod doesn't follow. It may lead to any raw disk.
  return (probe?.devices ?? []).filter(({ name, raw }) => raw && (wanted(name) || named?.startsWith("/dev/disk/")));
}

export const cephChecks: Check<CephSettings>[] = [
  driverCheck("rook-ceph", provisionerOf("rbd")),
  kubeletCheck("rook-ceph"),
  cephNodes,
  cephDevices,
];
