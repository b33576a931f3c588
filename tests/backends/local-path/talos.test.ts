import type { TalosVolume } from "../../../model/node-facts";
import { error, node, ok, table, unknown } from "../../preflight/cluster";
import { backend, path, probed, talosImage } from "./disks";

describe("preflight of local-path", () => {
  const ofKind = (kind: TalosVolume["kind"], name: string, phase = "ready", more: Partial<TalosVolume> = {}) => ({
    ...{ id: `${{ user: "u", existing: "e", external: "x", raw: "r" }[kind]}-${name}`, kind, name, phase },
    ...more,
  });
  const volumes = (all: TalosVolume[], extraMounts: string[] = []) => ({
    nodes: [node("a", { ...talosImage, talos: { extensions: [], volumes: all, encrypted: [], extraMounts } })],
  });
  const talos = (user: Record<string, string>, extraMounts?: string[]) =>
    volumes(
      Object.entries(user).map(([name, phase]) => ofKind("user", name, phase)),
      extraMounts,
    );
  const raw = error(
    "the volume disk on a is a raw one, which Talos doesn't mount, so " +
      `${path} would be a directory of the system disk`,
    "make it a UserVolumeConfig in place of the RawVolumeConfig, or name the path of another volume: docs/talos.md",
  );
  table("local-path-talos", [
    { title: "no Talos, nothing to say", says: [] },
    { title: "its user volume", facts: talos({ disk: "ready" }), says: [ok("Talos on a has the user volume disk")] },
    {
      title: "a user volume that isn't ready",
      facts: talos({ disk: "waiting" }),
      says: [
        error(
          "the user volume disk on a is waiting, not ready",
          "talosctl -n a get volumestatus u-disk -o yaml says why",
        ),
      ],
    },
    {
      title: "an existing volume",
      facts: volumes([ofKind("existing", "disk")]),
      says: [ok("Talos on a has the existing volume disk")],
    },
    {
      title: "an external volume, beside a raw one of the same name",
      facts: volumes([ofKind("raw", "disk"), ofKind("external", "disk")]),
      says: [ok("Talos on a has the external volume disk")],
    },
    {
      title: "an existing volume that isn't ready",
      facts: volumes([ofKind("existing", "disk", "failed")]),
      says: [
        error(
          "the existing volume disk on a is failed, not ready",
          "talosctl -n a get volumestatus e-disk -o yaml says why",
        ),
      ],
    },
    { title: "a raw volume", facts: volumes([ofKind("raw", "disk")]), says: [raw] },
    {
      title: "a user volume that is a directory",
      facts: volumes([ofKind("user", "disk", "ready", { directory: true })]),
      says: [
        error(
          "the user volume disk on a is a directory of the system disk (volumeType: directory)",
          "give it a partition or a disk of its own: docs/talos.md; or allow it with sharedDisk: true",
        ),
      ],
    },
    {
      title: "a directory on a disk that may be shared",
      stack: backend({ path, sharedDisk: true }),
      facts: volumes([ofKind("user", "disk", "ready", { directory: true })]),
      says: [ok("Talos on a has the user volume disk")],
    },
    {
      title: "no such volume",
      facts: talos({ other: "ready" }),
      says: [
        error(
          "Talos on a has no user, existing or external volume disk, so " +
            `${path} would be a directory of the system disk`,
          "apply a UserVolumeConfig named disk: docs/talos.md",
        ),
      ],
    },
    {
      title: "another path that the kubelet is given",
      stack: backend({ path: "/var/data/volumes" }),
      facts: talos({}, ["/var/data"]),
      says: [ok("the kubelet on a is given /var/data/volumes")],
    },
    {
      title: "another path that it isn't given",
      stack: backend({ path: "/var/data/volumes" }),
      facts: talos({}, ["/var/dat"]),
      says: [
        error(
          "the kubelet on a can't see /var/data/volumes, which is not below /var/mnt",
          "give it in machine.kubelet.extraMounts, or use a user volume: docs/talos.md",
        ),
      ],
    },
    {
      title: "no word of talosctl",
      facts: { nodes: [node("a", talosImage)] },
      says: [
        unknown(
          `talosctl didn't answer here, so it is not known whether Talos on a has what ${path} needs`,
          "talosctl -n a get volumestatus",
        ),
      ],
    },
    {
      title: "no word of talosctl, but a mount",
      facts: { nodes: [probed("a", {}, talosImage)] },
      says: [ok(`${path} on a is mounted`)],
    },
  ]);
});
