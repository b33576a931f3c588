import { error, node, ok, stack, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen, talos } from "../nodes";

describe("preflight of Longhorn", () => {
  const one = (more: object = {}) => stack({ big: { type: "longhorn", default: true, ...more } });
  const three = [node("a"), node("b"), node("c")];

  const image = (name: string) =>
    `build an image with siderolabs/iscsi-tools and siderolabs/util-linux-tools, then: talosctl -n ${name} ` +
    "upgrade --image IMAGE";
  const install =
    "install open-iscsi (Debian, Ubuntu) or iscsi-initiator-utils (Red Hat, SUSE: open-iscsi), and systemctl " +
    "enable --now iscsid";
  const everywhere = ok("every node has the iSCSI tools");
  table("longhorn-iscsi", [
    {
      title: "Talos with both extensions",
      stack: one(),
      facts: { nodes: [talos("a", ["iscsi-tools", "util-linux-tools"])] },
      says: [everywhere],
    },
    {
      title: "Talos without them",
      stack: one(),
      facts: {
        nodes: [
          talos("a", ["iscsi-tools", "util-linux-tools"]),
          talos("b", ["qemu-guest-agent", "util-linux-tools"]),
          talos("c", []),
        ],
      },
      says: [
        error("b has no iscsi-tools extension", image("b")),
        error("c has no iscsi-tools extension and util-linux-tools extension", image("c")),
      ],
    },
    {
      title: "Talos as talosctl has it",
      stack: one(),
      facts: {
        nodes: [
          {
            ...talos("a", []),
            talos: { extensions: ["iscsi-tools", "util-linux-tools"], volumes: [], encrypted: [], extraMounts: [] },
          },
        ],
      },
      says: [everywhere],
    },
    {
      title: "another system, unseen",
      stack: one(),
      facts: { nodes: three },
      says: [unknown("only a probe pod can tell whether a, b and c have iscsiadm", probe)],
    },
    {
      title: "another system with it",
      stack: one(),
      facts: { nodes: [seen("a", { programs: ["iscsiadm"] })] },
      says: [everywhere],
    },
    {
      title: "another system without it",
      stack: one(),
      facts: { nodes: [seen("a")] },
      says: [error("a has no iscsiadm", install)],
    },
  ]);

  table("longhorn-modules", [
    {
      title: "Talos",
      stack: one(),
      facts: { nodes: [talos("a", [])] },
      says: [ok("every node has the kernel modules")],
    },
    {
      title: "loaded",
      stack: one(),
      facts: { nodes: [seen("a", { modules: ["iscsi_tcp"] })] },
      says: [ok("every node has the kernel modules")],
    },
    {
      title: "not loaded, with encryption",
      stack: one({ encrypted: true }),
      facts: { nodes: [seen("a", { modules: ["iscsi_tcp"] }), seen("b")] },
      says: [
        warning(
          "the kernel module iscsi_tcp is not loaded on b",
          "modprobe iscsi_tcp, and its name in a file of /etc/modules-load.d",
        ),
        warning(
          "the kernel module dm_crypt is not loaded on a and b",
          "modprobe dm_crypt, and its name in a file of /etc/modules-load.d",
        ),
      ],
    },
    { title: "unseen", stack: one(), says: [unknown("only a probe pod can tell which kernel modules a has", probe)] },
  ]);

  const path = "/var/lib/longhorn";
  const private_ = {
    mounts: [
      { point: "/", type: "ext4", device: "8:1", readOnly: false, shared: true },
      { point: "/var", type: "ext4", device: "8:2", readOnly: false, shared: false },
    ],
  };
  table("longhorn-mounts", [
    {
      title: "shared",
      stack: one(),
      facts: { nodes: [seen("a")] },
      says: [ok(`${path} is shared with pods on every node`)],
    },
    {
      title: "private",
      stack: one(),
      facts: { nodes: [seen("a", private_)] },
      says: [error(`${path} on a is not shared with pods that mount it`, "mount --make-rshared /var")],
    },
    { title: "unseen", stack: one(), says: [unknown(`only a probe pod can tell how ${path} is mounted on a`, probe)] },
    {
      title: "Talos, given to the kubelet",
      stack: one(),
      facts: {
        nodes: [{ ...talos("a", []), talos: { extensions: [], volumes: [], encrypted: [], extraMounts: [path] } }],
      },
      says: [ok(`${path} is shared with pods on every node`)],
    },
    {
      title: "Talos, not given",
      stack: one(),
      facts: {
        nodes: [{ ...talos("a", []), talos: { extensions: [], volumes: [], encrypted: [], extraMounts: [] } }],
      },
      says: [
        error(
          `${path} on a is not shared with pods that mount it`,
          "give it in machine.kubelet.extraMounts with the options bind, rshared and rw",
        ),
      ],
    },
  ]);
});
