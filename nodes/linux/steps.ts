import type { NodeAccess, NodeStep } from "../../model/node-preparation";
import { containerLabel, longhornDisk } from "../../preflight/system";
import type { LinuxConfig } from "./config";
import { packageNames } from "./packages";
import { type Job, makeScript, nameOf, rootShell } from "./shell";

/** A step with what its script works on. */
export interface LinuxStep extends Omit<NodeStep, "run"> {
  job: Job;
}

/**
 * Mounts come after the network's and before whatever starts pods, so that none of them sees the directory without its
 * disk. A node whose disk is gone starts all the same.
 */
const bootOrder = ["kubelet", "k3s", "k3s-agent", "rke2-server", "rke2-agent"];

const mountOptions = (own: readonly string[]) =>
  [
    "defaults",
    ...own,
    "nofail",
    "x-systemd.device-timeout=90s",
    ...bootOrder.map((service) => `x-systemd.before=${service}.service`),
  ].join(",");

/** Our own file in the directory of multipathd's settings; the last one of several counts. */
export const exceptionFile = "/etc/multipath/conf.d/cluster-storage-longhorn.conf";

const exception = ({ vendor, product }: typeof longhornDisk) => `# Longhorn's disks are no paths of another disk.
blacklist {
  device {
    vendor "${vendor}"
    product "${product}"
  }
}`;

/** SELinux's pattern for a directory and all that is in it. */
export const labelPattern = (path: string) => `${path.replaceAll(".", "\\.")}(/.*)?`;

/** A mode as `stat` prints it. */
const plainMode = (mode: string) => mode.replace(/^0+(?=.)/, "");

/** A mount that is in another one comes after it, which would hide it otherwise. Else the config's order stays. */
const outerFirst = <Value>(mounts: [string, Value][]) =>
  mounts.toSorted(([one], [other]) => one.split("/").length - other.split("/").length);

/** What is made on the node: what others need first, a disk before the directories on it, labels last. Pure. */
export function linuxSteps(config: LinuxConfig): LinuxStep[] {
  return [
    ...config.packages.map((name): LinuxStep => {
      const { debian, rhel, suse, service = "" } = packageNames(name);
      return {
        id: `package-${name}`,
        words: `the package ${name}`,
        path: ["packages"],
        line: name,
        job: { kind: "package", variables: { name, debian, rhel, suse, service } },
      };
    }),
    ...(config.multipathException ? [multipathStep] : []),
    ...Object.entries(config.volumeGroups).map(([group, devices]): LinuxStep => ({
      id: `volume-group-${group}`,
      words: `the volume group ${group}`,
      path: ["volumeGroups", group],
      line: devices,
      job: { kind: "volume-group", variables: { group, devices: devices.join(" ") } },
    })),
    ...outerFirst(Object.entries(config.mounts)).map(([point, mount]): LinuxStep => ({
      id: `mount${nameOf(point)}`,
      words: `the mount ${point}`,
      path: ["mounts", point],
      line: mount,
      job: {
        kind: "mount",
        variables: {
          point,
          device: mount.device,
          filesystem: mount.fileSystem,
          options: mountOptions(mount.options),
        },
      },
    })),
    ...Object.entries(config.directories).map(([path, directory]): LinuxStep => ({
      id: `directory${nameOf(path)}`,
      words: `the directory ${path}`,
      path: ["directories", path],
      line: directory,
      job: {
        kind: "directory",
        variables: { path, mode: plainMode(directory.mode ?? ""), owner: directory.owner ?? "" },
      },
    })),
    ...config.selinux.map((path): LinuxStep => ({
      id: `label${nameOf(path)}`,
      words: `the SELinux label of ${path}`,
      path: ["selinux"],
      line: path,
      job: {
        kind: "selinux",
        variables: { path, pattern: labelPattern(path), type: containerLabel },
      },
    })),
  ];
}

const multipathStep: LinuxStep = {
  id: "multipath-exception",
  words: "multipathd's exception for Longhorn's disks",
  path: ["multipathException"],
  line: true,
  job: { kind: "multipath", variables: { file: exceptionFile, ...longhornDisk, content: exception(longhornDisk) } },
};

/** The steps with the scripts that make them, for this account. */
export const linuxNodeSteps = (config: LinuxConfig, { ssh }: NodeAccess): NodeStep[] =>
  linuxSteps(config).map(({ job, ...step }) => ({
    ...step,
    run: { remote: rootShell(ssh.user, step.words), script: makeScript(job) },
  }));
