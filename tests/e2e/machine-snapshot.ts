import { execa } from "execa";
import { existsSync, globSync, readFileSync } from "node:fs";

/** What an instance could leave on the machine, as lines that don't depend on what other instances do meanwhile. */
export type Snapshot = Record<string, string[]>;

const TUNABLES = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/route_localnet",
  "net/bridge/bridge-nf-call-iptables",
  "net/netfilter/nf_conntrack_max",
];
const PLACES = [
  "/var/lib/kubelet",
  "/var/lib/containerd",
  "/var/lib/cni",
  "/var/log/pods",
  "/var/log/containers",
  "/run/containerd",
  "/run/cni",
  "/run/nri",
  "/etc/cni",
  "/etc/kubernetes",
  "/opt/cni",
  "/opt/containerd",
  "/usr/libexec/kubernetes",
];
const OTHERS = /cstorage\d+|10\.213\./;

/**
 * The machine's links, routes, firewall, mounts, control groups, kernel settings and well-known places; `name`'s own
 * are included.
 */
export async function machineSnapshot(name: string): Promise<Snapshot> {
  const lines = async (program: string, ...args: string[]) =>
    (await execa(program, args, { reject: false })).stdout.split("\n");
  const firewall = (await lines("iptables-save"))
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/\[\d+:\d+\]/, ""));
  const links = JSON.parse((await lines("ip", "-json", "link")).join("")) as {
    ifname: string;
    ifalias?: string;
    flags: string[];
  }[];
  return {
    links: links
      .filter(({ ifname, ifalias }) => !OTHERS.test(ifname) || ifalias?.endsWith(`instances/${name}`))
      .map(({ ifname, ifalias, flags }) => [ifname, ifalias, ...flags].join(" ")),
    routes: (await lines("ip", "route", "show", "table", "all")).filter((line) => !OTHERS.test(line)),
    firewall,
    mounts: readFileSync("/proc/self/mountinfo", "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ").slice(3).join(" "))
      .sort(),
    groups: globSync("/sys/fs/cgroup/{,*/}*cluster-storage*").filter((group) =>
      new RegExp(`/cluster-storage-${name}(-[0-9a-f]{8})?$`).test(group),
    ),
    tunables: TUNABLES.map((file) => `${file} ${read(`/proc/sys/${file}`)}`),
    places: PLACES.filter((place) => existsSync(place)),
    processes: await processesOf(name),
  };
}

/** Command lines that name the instance's directory. */
async function processesOf(name: string): Promise<string[]> {
  return globSync("/proc/[0-9]*/cmdline")
    .map((file) => read(file).replaceAll("\0", " "))
    .filter((command) => new RegExp(`instances/${name}(/|\\s|$)`).test(command));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
