import { error, node, nothingSeen, ok, table, unknown } from "../../preflight/cluster";
import { probe } from "../nodes";
import { backend, path, probed, talosImage } from "./disks";

const demanded = backend({ encrypted: true });
const wayOut = "make an encrypted disk beside it and move the volumes there: docs/at-rest.md";
const refused = (where: string) =>
  error(
    `${where} is not encrypted, and cluster-storage:backends.disk.encrypted asks for it: whoever takes the disk out ` +
      "reads the data",
    wayOut,
  );

/** A node whose probe pod saw the path on this device, and what lies below each device. */
function on(name: string, device: string, encrypted: Record<string, boolean>) {
  const seen = probed(name, { device });
  return { ...seen, probe: { ...seen.probe!, encrypted } };
}

const talos = (encrypted: string[], more: object = {}) =>
  node("a", {
    ...talosImage,
    talos: {
      extensions: [],
      volumes: [{ id: "u-disk", kind: "user", name: "disk", phase: "ready" }],
      encrypted,
      extraMounts: [],
    },
    ...more,
  });

describe("preflight of local-path: encryption", () => {
  table("local-path-encryption", [
    { title: "not looked at, and nothing asked for", says: [] },
    {
      title: "not looked at, and asked for",
      stack: demanded,
      says: [unknown(`it is not known whether ${path} on a is encrypted, until a probe pod looks`, probe)],
    },
    {
      title: "an encrypted disk",
      stack: demanded,
      facts: { nodes: [on("a", "253:0", { "253:0": true, "8:1": false })] },
      says: [ok(`${path} on a is encrypted`)],
    },
    {
      title: "a plain disk, and nothing asked for",
      facts: { nodes: [on("a", "8:17", { "8:17": false })] },
      says: [ok(`${path} on a is not encrypted, and the config doesn't ask for it`)],
    },
    {
      title: "nodes of both kinds, where it is asked for",
      stack: demanded,
      facts: {
        nodes: [
          on("a", "253:0", { "253:0": true }),
          on("b", "8:17", { "8:17": false }),
          on("c", "8:17", { "8:17": false }),
        ],
      },
      says: [ok(`${path} on a is encrypted`), refused(`${path} on b and c`)],
    },
    {
      title: "a file system without a block device",
      stack: demanded,
      facts: { nodes: [on("a", "0:44", { "8:17": false })] },
      says: [unknown(`it is not known whether ${path} on a is encrypted, until a probe pod looks`, probe)],
    },
    {
      title: "a user volume that Talos unlocked",
      stack: demanded,
      facts: { nodes: [talos(["u-disk"])] },
      says: [ok(`${path} on a is encrypted`)],
    },
    {
      title: "a plain user volume beside an encrypted system volume",
      stack: demanded,
      facts: { nodes: [talos(["EPHEMERAL", "u-disk-2"])] },
      says: [refused(`${path} on a`)],
    },
    {
      title: "a path on Talos' own volume",
      stack: backend({ encrypted: true, path: "/var/local-path" }),
      facts: { nodes: [talos(["EPHEMERAL"])] },
      says: [ok("/var/local-path on a is encrypted")],
    },
    {
      title: "a user volume that Talos doesn't have",
      stack: demanded,
      facts: { nodes: [talos([], { talos: { extensions: [], volumes: [], encrypted: [], extraMounts: [] } })] },
      says: [unknown(`it is not known whether ${path} on a is encrypted, until a probe pod looks`, probe)],
    },
    {
      title: "what the probe pod saw, before what Talos says",
      stack: demanded,
      facts: {
        nodes: [
          talos(["u-disk"], {
            probe: {
              ...nothingSeen,
              mounts: [
                ...nothingSeen.mounts,
                { point: path, type: "xfs", device: "8:17", readOnly: false, shared: true },
              ],
              encrypted: { "8:17": false },
            },
          }),
        ],
      },
      says: [refused(`${path} on a`)],
    },
  ]);
});
