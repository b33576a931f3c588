import { flag } from "../../config/fields";
import type { CheckResult } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import { findTalosVolume, isTalos, talosVolumeOf } from "../../preflight/nodes";
import { listed, results } from "../../preflight/results";
import { mountOf } from "./mounts";

/** The setting of a backend that keeps volumes on disks which the nodes bring. It makes nothing: it is a condition. */
export const mustBeEncrypted = flag
  .default(false)
  .describe(
    "The nodes' disks for its volumes have to be encrypted: an update is refused where one is known not to be. It " +
      "encrypts nothing itself (docs/at-rest.md).",
  );

/** Where volumes lie on a node, and whether what is written there is encrypted; undefined where that is not known. */
export interface DiskState {
  node: string;
  /** A path, or a volume group in words. */
  place: string;
  encrypted: boolean | undefined;
}

/**
 * Whether a path of a node lies on an encrypted disk: as the probe pod saw it, or as Talos says of its volumes.
 * Undefined where neither tells, for instance of a file system without a block device of its own, such as btrfs.
 */
export function isEncrypted(node: NodeFacts, path: string): boolean | undefined {
  const device = node.probe && mountOf(path, node.probe.mounts)?.device;
  return (device === undefined ? undefined : node.probe?.encrypted[device]) ?? saidByTalos(node, path);
}

/** What of /var is on no volume of its own is on the volume EPHEMERAL. */
function saidByTalos(node: NodeFacts, path: string): boolean | undefined {
  if (!isTalos(node) || !node.talos) return undefined;
  const name = talosVolumeOf(path);
  if (name === undefined) return path.startsWith("/var/") ? node.talos.encrypted.includes("EPHEMERAL") : undefined;
  const volume = findTalosVolume(node.talos, name);
  if (!volume || volume.kind === "raw") return undefined;
  return node.talos.encrypted.includes(volume.directory ? "EPHEMERAL" : volume.id);
}

/**
 * One result for all nodes whose place has the same state. An error only where the config demands encryption; elsewhere
 * what isn't known is not mentioned.
 */
export function judgeEncryption(id: string, backend: string, demanded: boolean, states: DiskState[]): CheckResult[] {
  const { ok, error, unknown } = results(id);
  const groups = new Map<string, DiskState & { nodes: string[] }>();
  for (const state of states) {
    const key = `${state.place} ${state.encrypted}`;
    groups.set(key, { ...state, nodes: [...(groups.get(key)?.nodes ?? []), state.node] });
  }
  return [...groups.values()].flatMap(({ place, encrypted, nodes }): CheckResult[] => {
    const where = `${place} on ${listed(nodes)}`;
    if (encrypted) return [ok(`${where} is encrypted`)];
    if (encrypted === undefined)
      return demanded
        ? [
            unknown(
              `it is not known whether ${where} is encrypted, until a probe pod looks`,
              "npm run preflight -- --probe",
            ),
          ]
        : [];
    if (!demanded) return [ok(`${where} is not encrypted, and the config doesn't ask for it`)];
    return [
      error(
        `${where} is not encrypted, and cluster-storage:backends.${backend}.encrypted asks for it: whoever takes the ` +
          "disk out reads the data",
        "make an encrypted disk beside it and move the volumes there: docs/at-rest.md",
      ),
    ];
  });
}
