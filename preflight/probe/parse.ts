import type { DeviceFacts, MountFacts, ProbeFacts, SystemFacts } from "../../model/node-facts";
import { exceptsLonghorn, labelType } from "../system";
import { host } from "./script";

/** Devices that are no disks: loops, memory, device-mapper's, CD-ROMs. */
const noDisk = /^(loop|ram|zram|dm-|sr|fd|nbd|md)/;

/** Sizes in /sys count sectors of this many bytes, whatever the disk's own sector size is. */
const sector = 512;

/** What the probe pod printed; undefined where it was cut short. */
export function parseProbe(printed: string): Omit<ProbeFacts, "exports"> | undefined {
  const sections = new Map(
    printed.split(/^## /m).map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title, lines.filter((line) => line.trim() !== "")] as const;
    }),
  );
  if (!sections.has("end")) return undefined;
  const lines = (title: string) => sections.get(title) ?? [];
  const mounts = lines("mounts").flatMap(parseMount);
  const ciphers = lines("encryption").map(parseCipher);
  return {
    mounts,
    ...kubeletOf(lines("mounts")),
    ...pageOf(lines("page")[0]),
    modules: lines("modules"),
    programs: [...new Set(lines("programs"))],
    paths: Object.fromEntries(lines("paths").map(parsePath)),
    devices: lines("disks").flatMap((line) => parseDisk(line, mounts)),
    encrypted: Object.fromEntries(ciphers.map(({ device, encrypted }) => [device, encrypted])),
    encryptedGroups: groupsOf(ciphers),
    volumeGroups: [...new Set(lines("groups").filter((line) => !line.endsWith(":")))],
    system: systemOf(lines("multipath"), lines("selinux")),
  };
}

/** `KernelPageSize:        4 kB` */
function pageOf(line = ""): Pick<ProbeFacts, "pageSize"> {
  const [, kib] = /(\d+) kB/.exec(line) ?? [];
  return kib === undefined ? {} : { pageSize: Number(kib) * 1024 };
}

/** A line of /proc/self/mountinfo, where it is one of the node's. */
function parseMount(line: string): MountFacts[] {
  const [mount = "", fileSystem = ""] = line.split(" - ");
  const [, , device = "", , inPod = "", options = "", ...tags] = mount.split(" ");
  if (inPod !== host && !inPod.startsWith(`${host}/`)) return [];
  const [type = "", , superOptions = ""] = fileSystem.split(" ");
  const readOnly = (list: string) => list.split(",").includes("ro");
  // In the pod the node's root is always read-only, whatever it is on the node.
  return [
    {
      point: unescape(inPod.slice(host.length)) || "/",
      type,
      device,
      readOnly: readOnly(superOptions) || (inPod !== host && readOnly(options)),
      shared: tags.some((tag) => /^(shared|master):/.test(tag)),
    },
  ];
}

/**
 * The kubelet makes a pod's /etc/hosts in its own directory and mounts it into the pod. The mount tells the file's path
 * in its file system, and the node's mounts where that file system is. The mount with the least of it comes first:
 * mostly it was made to give the kubelet this directory.
 */
function kubeletOf(lines: string[]): { kubelet?: string[] } {
  const all = lines.map((line) => {
    const [, , device = "", root = "", point = ""] = line.split(" ");
    return { device, root: root === "/" ? "" : unescape(root), point: unescape(point) };
  });
  const file = all.find(({ point }) => point === "/etc/hosts");
  const inside = /^(.*)\/pods\/[^/]+\/etc-hosts$/.exec(file?.root ?? "")?.[1];
  if (!file || inside === undefined) return {};
  const paths = all
    .filter(({ device, point }) => device === file.device && (point === host || point.startsWith(`${host}/`)))
    .filter(({ root }) => inside === root || inside.startsWith(`${root}/`))
    .sort((a, b) => b.root.length - a.root.length)
    .map(({ root, point }) => `${point.slice(host.length)}${inside.slice(root.length)}`);
  return paths.length > 0 ? { kubelet: [...new Set(paths)] } : {};
}

/** The kernel writes blanks in paths as octal numbers. */
const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** `PATH EXISTING DEVICE KIB USED AVAILABLE PERCENT MOUNT`, from the third word on as df prints it. */
function parsePath(line: string): [string, ProbeFacts["paths"][string]] {
  const [path = "", existing = "", , capacity, , available] = line.split(/\s+/);
  return [path, { existing, capacity: Number(capacity) * 1024, available: Number(available) * 1024 }];
}

/** A line of multipathd's settings begins with a colon. */
function systemOf(multipath: readonly string[], selinux: readonly string[]): SystemFacts {
  const settings = multipath.flatMap((line) => (line.startsWith(": ") ? [line.slice(2)] : []));
  const said = selinux.map((line) => line.replaceAll("\0", "").trim().split(/\s+/));
  const domain = labelType(said.find(([key]) => key === "domain")?.[1] ?? "");
  const [, enforce] = said.find(([key]) => key === "enforce") ?? [];
  return {
    ...(multipath.includes("installed") && {
      multipathd: { runs: multipath.includes("runs"), excepted: exceptsLonghorn(settings.join("\n")) },
    }),
    selinux: {
      // Who may not even read it is confined.
      enforcing: enforce === "1" || (enforce === undefined && domain !== undefined),
      ...(domain !== undefined && { domain }),
      labels: Object.fromEntries(
        said.flatMap(([key, path = "", ...label]) => {
          const type =
            key === "label" ? label.map((word) => labelType(word.replace(/^.*="|"$/g, ""))).find(Boolean) : "";
          return type ? [[path, type]] : [];
        }),
      ),
    },
  };
}

interface Cipher {
  device: string;
  encrypted: boolean;
  /** The LVM volume group of a logical volume. */
  group?: string;
}

/** `DEVICE yes|no UUID NAME`, the last two as device-mapper has them. */
function parseCipher(line: string): Cipher {
  const [device = "", state, uuid = "", name = ""] = line.split(" ");
  // A hyphen in a name is written twice, and a single one stands between group and volume.
  const group = uuid.startsWith("LVM-") ? /^((?:[^-]|--)+)-(?!-)/.exec(name)?.[1]?.replaceAll("--", "-") : undefined;
  return { device, encrypted: state === "yes", ...(group && { group }) };
}

/** A group counts as encrypted where every one of its active volumes is. */
function groupsOf(ciphers: Cipher[]): Record<string, boolean> {
  const groups = new Set(ciphers.flatMap(({ group }) => group ?? []));
  const whole = (name: string) => ciphers.every(({ group, encrypted }) => group !== name || encrypted);
  return Object.fromEntries([...groups].map((name) => [name, whole(name)]));
}

/** `NAME DEVICE SECTORS READONLY USED` */
function parseDisk(line: string, mounts: MountFacts[]): DeviceFacts[] {
  const [name = "", device, sectors, readOnly, used] = line.split(" ");
  const bytes = Number(sectors) * sector;
  if (noDisk.test(name) || bytes === 0) return [];
  return [{ name, bytes, raw: used === "no" && readOnly === "0" && !mounts.some((mount) => mount.device === device) }];
}
