import type { NodeFacts } from "../../../model/node-facts";
import { error, node, ok, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen } from "../nodes";
import { path, talosImage } from "./disks";

describe("preflight of local-path", () => {
  const system = (label?: string, domain?: string, enforcing = true) => ({
    system: {
      selinux: {
        enforcing,
        ...(domain !== undefined && { domain }),
        labels: (label === undefined ? {} : { [path]: label }) as Record<string, string>,
      },
    },
  });
  const on = (name: string, label?: string, domain?: string) => seen(name, system(label, domain));
  const way = (name: string) =>
    `add ${path} to cluster-storage:nodes.${name}.selinux (docs/nodes-linux.md#selinux), or on the node: ` +
    `semanage fcontext -a -t container_file_t '${path}(/.*)?' && restorecon -R ${path}`;
  const lets = (name: string) => ok(`SELinux lets containers write to ${path} on ${name}`);
  const fedora = { osImage: "Fedora CoreOS 44.20261101.3.0" };

  table("local-path-selinux", [
    { title: "nothing known of a system that has none by default", says: [] },
    {
      title: "nothing known of a system that enforces it by default",
      facts: { nodes: [node("a", fedora)] },
      says: [unknown(`only a probe pod can tell whether SELinux lets containers write to ${path} on a`, probe)],
    },
    { title: "not enforced", facts: { nodes: [seen("a", system("var_t", "container_t", false))] }, says: [] },
    { title: "Talos", facts: { nodes: [{ ...on("a", "var_t", "container_t"), ...talosImage }] }, says: [] },
    {
      title: "the containers' label",
      facts: { nodes: [on("a", "container_file_t", "container_t")] },
      says: [lets("a")],
    },
    {
      title: "another label, and containers that aren't confined",
      facts: { nodes: [on("a", "var_t", "spc_t")] },
      says: [lets("a")],
    },
    {
      title: "another label, and confined containers",
      facts: { nodes: [on("a", "var_t", "container_t"), on("b", "container_file_t", "container_t")] },
      says: [
        error(
          `SELinux on a keeps containers from writing to ${path}, whose label is var_t: no volume can be made there`,
          way("a"),
        ),
        lets("b"),
      ],
    },
    {
      title: "a label that the pod can't read",
      facts: { nodes: [on("a", undefined, "container_t")] },
      says: [
        unknown(
          `SELinux is enforced on a, and the label of ${path} can't be read from a pod`,
          `see on the node whether it is container_file_t: ls -Zd ${path}; the way out: docs/nodes-linux.md#selinux`,
        ),
      ],
    },
    {
      title: "another label, as the node says over SSH",
      facts: { nodes: [node("a", system("mnt_t"))] },
      says: [
        warning(
          `SELinux is enforced on a, and the label of ${path} is mnt_t: if the container runtime there uses SELinux, ` +
            "no volume can be made",
          way("a"),
        ),
      ],
    },
    {
      title: "the label as the node says over SSH, and the pod's domain",
      facts: {
        nodes: [
          { ...on("a", undefined, "container_t"), ...system("mnt_t") },
          { ...on("b", undefined, "container_t"), ...system("container_file_t") },
        ] satisfies NodeFacts[],
      },
      says: [
        error(
          `SELinux on a keeps containers from writing to ${path}, whose label is mnt_t: no volume can be made there`,
          way("a"),
        ),
        lets("b"),
      ],
    },
  ]);
});
