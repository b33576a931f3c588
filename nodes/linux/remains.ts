import { exceptionFile, labelPattern } from "./steps";

/** What stays on a node of a step whose line is gone, and how it is taken away by hand. Pure. */
export function remains(node: string, id: string, line: unknown): string {
  const by = (what: string, how: string) => `${what} stays on ${node}. To take it away by hand: ${how}`;
  const path = pathOf(id);
  if (id.startsWith("package-")) return by(`the package ${String(line)}`, "remove it with the node's package manager");
  if (id.startsWith("volume-group-")) {
    const group = id.slice("volume-group-".length);
    return by(
      `the volume group ${group} with all its volumes`,
      `see what is on it (lvs ${group}), then vgremove ${group}`,
    );
  }
  if (id.startsWith("mount"))
    return by(
      `the mount ${path} with its files`,
      `umount ${path}, take its two lines out of /etc/fstab, then chattr -i ${path} && rmdir ${path}`,
    );
  if (id.startsWith("directory"))
    return by(`the directory ${path} with its files`, `see what is in it, then rm -r ${path}`);
  if (id.startsWith("label"))
    return by(`the SELinux label of ${path}`, `semanage fcontext -d '${labelPattern(path)}' && restorecon -R ${path}`);
  return by("multipathd's exception for Longhorn's disks", `rm ${exceptionFile} && multipathd reconfigure`);
}

/** The path that a step's id was made of. */
const pathOf = (id: string) =>
  id
    .slice(id.indexOf("-"))
    .replaceAll(/-+/g, (dashes) => (dashes.length % 2 ? "/" : "") + "-".repeat(dashes.length >> 1));
