import type { Check } from "../../backends/types";
import { takesPods } from "../nodes";
import { count } from "../quantity";
import { listed, results } from "../results";

const group = "rook-ceph";

/** A pool that survives a lost node has its copies, and its monitors a majority, on three. */
const copies = 3;

export const cephNodes: Check = {
  id: "rook-ceph-nodes",
  group,
  run({ facts: { nodes } }) {
    const { ok, error, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const fit = nodes.filter(takesPods).length;
    const have = `${count(fit, "node")} ${fit === 1 ? "takes" : "take"} pods`;
    if (fit >= copies) return [ok(`${have}, enough for ${copies} copies and ${copies} monitors`)];
    return [error(`Ceph keeps ${copies} copies on as many nodes, and ${have}`, "add nodes, or choose a backend for fewer: docs/backends")];
  },
};

export const cephDevices: Check = {
  id: "rook-ceph-devices",
  group,
  run({ facts: { nodes } }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const fit = nodes.filter(takesPods);
    const unsure = fit.filter(({ probe }) => !probe).map(({ name }) => name);
    if (unsure.length > 0) return [unknown(`whether ${listed(unsure)} ${unsure.length === 1 ? "has" : "have"} a raw disk shows by a probe pod`, "npm run preflight -- --probe")];
    const having = fit.filter(({ probe }) => probe?.devices.some(({ raw }) => raw));
    if (having.length >= copies) return [ok(`${listed(having.map(({ name, probe }) => `${name} (${listed(probe!.devices.filter(({ raw }) => raw).map((device) => device.name))})`))} have raw disks`)];
    const without = fit.filter((node) => !having.includes(node)).map(({ name }) => name);
    return [error(`Ceph needs a raw disk on ${copies} nodes, and there is none on ${listed(without)}`, "add a disk without partitions and file system; one that was used: wipefs --all DEVICE, which destroys what is on it")];
  },
};

export const cephChecks: Check[] = [cephNodes, cephDevices];
