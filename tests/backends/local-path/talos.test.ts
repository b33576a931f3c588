import { error, node, ok, table, unknown } from "../../preflight/cluster";
import { backend, path, probed, talosImage } from "./disks";

describe("preflight of local-path", () => {
  const talos = (userVolumes: Record<string, string>, extraMounts: string[] = []) => ({
    nodes: [node("a", { ...talosImage, talos: { extensions: [], userVolumes, encrypted: [], extraMounts } })],
  });
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
      title: "no user volume",
      facts: talos({ other: "ready" }),
      says: [
        error(
          `Talos on a has no user volume disk, so ${path} would be a directory of the system disk`,
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
          "talosctl -n a get volumestatus u-disk",
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
