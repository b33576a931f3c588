import type { StepState } from "../../model/node-preparation";
import { bytes, formatBytes } from "../../model/quantity";
import { joined } from "../../model/words";
import type { DiskSelector, UserVolume } from "./config";
import { matchOf } from "./documents";
import type { DiskFacts, FoundVolume, TalosNodeFacts, VolumeFacts } from "./node-facts";

/** What is right of a user volume on a node, and what Talos can't or must not do. Pure. */

/** Talos rounds partitions to whole mebibytes, and a table at both ends of the disk takes a little. */
const slack = 4 * 2 ** 20;

/** Partitions that Talos itself makes: siderolabs/talos, pkg/machinery/constants. */
const ownLabel = /^(EFI|BIOS|BOOT|BOOT-A|BOOT-B|META|STATE|EPHEMERAL|IMAGECACHE|[ures]-.+)$/;

export const volumeId = (name: string) => `u-${name}`;

type Verdict = Pick<StepState, "state" | "why" | "note">;

const refused = (why: string): Verdict => ({ state: "refused", why });
const bytesOf = (size: string | undefined) => (size === undefined ? 0 : (bytes(size) ?? 0));

/** `claims`: of the cluster, on this node; `before`: an earlier update has made the volume. */
export function judgeVolume(
  name: string,
  volume: UserVolume,
  facts: TalosNodeFacts,
  before: boolean,
  claims: readonly string[],
): Verdict {
  const status = facts.volumes[volumeId(name)];
  const made = facts.found.find(({ label }) => label === volumeId(name));
  if (status && (status.phase === "ready" || status.size > 0)) return judgeMade(name, volume, status, facts);
  if (before && !made && !volume.directory && claims.length > 0) return refused(lost(claims));
  if (volume.directory) return { state: "missing" };
  if (made) return judgeFound(volume, made);
  return judgeDisk(volume, facts);
}

const lost = (claims: readonly string[]) =>
  `an earlier update made it, and its partition is gone, while the cluster has volumes on this node: those of ` +
  `${joined(claims)}. A new, empty one would hide that their data is gone. Bring the disk back; or, where the data ` +
  "is lost, release these claims' volumes first (docs/recovery.md)";

/** Whether what the machine has, or would get by the patch, is what the config says. */
function judgeMade(name: string, volume: UserVolume, status: VolumeFacts, facts: TalosNodeFacts): Verdict {
  const kind = volume.directory ? "directory" : "partition";
  if (status.type !== kind)
    return refused(
      `Talos made it as a ${status.type}, and it can't be made a ${kind}. Give the new volume another name, and move ` +
        "the data there (npm run move)",
    );
  if (volume.directory) return { state: "done" };
  const wanted = volume.encryption !== undefined;
  // While it is being made, Talos doesn't say yet.
  if (status.phase === "ready" && status.encrypted !== wanted)
    return refused(
      `it is ${status.encrypted ? "" : "not "}encrypted, and Talos encrypts a volume only when it makes it. Give the ` +
        "new volume another name, and move the data there (npm run move)",
    );
  return judgeSize(volume, status, facts) ?? { state: inEffect(name, volume, status, facts) ? "done" : "missing" };
}

function judgeSize(volume: UserVolume, { size, location, parent }: VolumeFacts, facts: TalosNodeFacts) {
  const [least, most] = [bytesOf(volume.minSize), bytesOf(volume.maxSize)];
  const has = `the partition has ${formatBytes(size)}`;
  if (most > 0 && size > most + slack)
    return refused(
      `${has}, and maxSize is ${volume.maxSize}: Talos makes no partition smaller. Write a maxSize of at least ` +
        `${formatBytes(size)}, or leave it out`,
    );
  if (size + slack >= least) return undefined;
  if (!volume.grow)
    return refused(
      `${has}, and minSize is ${volume.minSize}: Talos doesn't make it larger without grow: true. Set that, or write ` +
        "the minSize that it has",
    );
  const room = roomBehind(location, parent, facts);
  return size + room + slack >= least
    ? undefined
    : refused(
        `${has}, and ${formatBytes(room)} are free behind it on ${parent ?? "its disk"}, so that it can't grow to ` +
          `minSize, ${volume.minSize}. Write a smaller one, or give another volume a larger disk`,
      );
}

/** Bytes after a partition that no other has. */
function roomBehind(location: string | undefined, parent: string | undefined, { disks, found }: TalosNodeFacts) {
  const own = found.find(({ device }) => device === location);
  const disk = disks.find(({ device }) => device === parent);
  if (!own || !disk) return 0;
  const end = own.offset + own.size;
  const next = found.filter((one) => one.parent === parent && one.offset >= end).map(({ offset }) => offset);
  return Math.max(0, Math.min(disk.size, ...next) - end);
}

/** Whether the volume is ready, and the machine config says of it what the stack's says. */
function inEffect(name: string, volume: UserVolume, status: VolumeFacts, { specs }: TalosNodeFacts): boolean {
  const spec = specs[volumeId(name)];
  return (
    status.phase === "ready" &&
    spec !== undefined &&
    spec.minSize === bytesOf(volume.minSize) &&
    spec.maxSize === bytesOf(volume.maxSize) &&
    spec.grow === volume.grow &&
    spec.match === matchOf(volume.disk ?? {}) &&
    status.size + slack >= bytesOf(volume.minSize)
  );
}

/** A partition of that name is on a disk, and the machine config doesn't ask for it. */
function judgeFound(volume: UserVolume, { device, name, size }: FoundVolume): Verdict {
  const wanted = volume.encryption ? "luks" : "xfs";
  if (name !== wanted && name !== "")
    return refused(
      `${device} has the label of this volume and holds ${name}, where ${wanted} is expected. It was left as it is. ` +
        "Give the volume another name",
    );
  if (bytesOf(volume.maxSize) > 0 && size > bytesOf(volume.maxSize) + slack)
    return refused(
      `${device} is a volume of this name with ${formatBytes(size)}, more than maxSize, ${volume.maxSize}`,
    );
  return { state: "missing", note: `${device} is a volume of this name and is taken up again with what it holds` };
}

/** Whether there is one disk for it that holds nothing of others. */
function judgeDisk(volume: UserVolume, facts: TalosNodeFacts): Verdict {
  const fitting = facts.disks.filter((disk) => fits(volume.disk ?? {}, disk));
  const [disk, ...others] = fitting;
  const all = facts.disks.map(describe).join("; ") || "none";
  if (!disk) return refused(`no disk of the node is what disk says. Its disks: ${all}`);
  if (disk.device === facts.systemDisk)
    return refused(`${disk.device} is the disk that Talos itself is on. Its disks: ${all}`);
  if (facts.systemDisk === undefined || !facts.found.some(({ device }) => device === disk.device))
    return refused(`Talos doesn't say what is on ${disk.device}, so that it may hold something. Ask again later`);
  if (disk.readOnly) return refused(`${disk.device} can only be read`);
  if (others.length > 0)
    return refused(
      `${joined(fitting.map(({ device }) => device))} are all what disk says. Say more, so that only one is; ` +
        `its disks: ${all}`,
    );
  const held = holds(disk, facts.found);
  if (held.length > 0)
    return refused(
      `${disk.device} is not empty: it holds ${joined(held)}. It was left as it is. Name another disk; or, where ` +
        `nobody needs what is on it: talosctl -n NODE wipe disk ${disk.device.replace("/dev/", "")}`,
    );
  const free = largestGap(disk, facts.found);
  return free + slack >= bytesOf(volume.minSize)
    ? { state: "missing", note: `it goes to ${describe(disk)}` }
    : refused(
        `${disk.device} has ${formatBytes(free)} free, less than minSize, ${volume.minSize}. Write a smaller one, or ` +
          "name another disk",
      );
}

function fits({ device, serial, wwid, model, transport, rotational }: DiskSelector, disk: DiskFacts): boolean {
  const same = <T>(wanted: T | undefined, has: T | undefined) => wanted === undefined || wanted === has;
  return (
    (device === undefined || disk.device === device || disk.links.includes(device)) &&
    same(serial, disk.serial) &&
    same(wwid, disk.wwid) &&
    same(model, disk.model) &&
    same(transport, disk.transport) &&
    same(rotational, disk.rotational)
  );
}

const describe = ({ device, size, model, serial }: DiskFacts) =>
  [device, formatBytes(size), model, serial && `serial ${serial}`].filter(Boolean).join(", ");

/** What of others is on a disk: anything but a table with Talos' own partitions. */
function holds({ device }: DiskFacts, found: readonly FoundVolume[]): string[] {
  const whole = found.find((one) => one.device === device && one.parent === undefined);
  const foreign = found.filter((one) => one.parent === device && !ownLabel.test(one.label));
  return [
    ...(whole && !["", "gpt"].includes(whole.name) ? [whole.name] : []),
    ...foreign.map(({ device, label, name }) => `the partition ${device} (${label || name || "without a label"})`),
  ];
}

/** Bytes of the largest part of a disk that no partition has. */
function largestGap({ device, size }: DiskFacts, found: readonly FoundVolume[]): number {
  const parts = found.filter(({ parent }) => parent === device).sort((a, b) => a.offset - b.offset);
  let [end, largest] = [0, 0];
  for (const part of parts) {
    largest = Math.max(largest, part.offset - end);
    end = Math.max(end, part.offset + part.size);
  }
  return Math.max(largest, size - end);
}
