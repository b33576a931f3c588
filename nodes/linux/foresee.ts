import type { MountFacts, NodeFacts, ProbeFacts, SystemFacts } from "../../model/node-facts";
import { containerLabel } from "../../preflight/system";
import type { LinuxConfig } from "./config";
import type { LinuxFacts } from "./facts";

/** What the cluster's checks see of the node after the steps: what it says of itself now, and what they make. Pure. */
export const foreseeLinux = (node: NodeFacts, config: LinuxConfig, { system }: LinuxFacts): NodeFacts => ({
  ...node,
  system: after(system, config),
  ...(node.probe && { probe: probed(node.probe, config) }),
});

const after = ({ multipathd, selinux }: SystemFacts, config: LinuxConfig): SystemFacts => ({
  ...(multipathd && { multipathd: { ...multipathd, excepted: multipathd.excepted || config.multipathException } }),
  selinux: {
    ...selinux,
    labels: { ...selinux.labels, ...Object.fromEntries(config.selinux.map((path) => [path, containerLabel])) },
  },
});

/** The probe pod looked before the steps: what they bring is added. Sizes of new file systems aren't known. */
function probed(probe: ProbeFacts, config: LinuxConfig): ProbeFacts {
  const made = Object.entries(config.mounts)
    .filter(([point]) => !probe.mounts.some((mount) => mount.point === point))
    .map(([point, { fileSystem }]): MountFacts => ({
      point,
      type: fileSystem,
      // None of the kernel's numbers, so that it is the file system of no other mount.
      device: `the disk of ${point}`,
      readOnly: false,
      shared: true,
    }));
  return {
    ...probe,
    mounts: [...probe.mounts, ...made],
    programs: [...probe.programs, ...(config.packages.includes("open-iscsi") ? ["iscsiadm"] : [])],
    volumeGroups: [...new Set([...probe.volumeGroups, ...Object.keys(config.volumeGroups)])],
    ...(probe.system && { system: after(probe.system, config) }),
  };
}
