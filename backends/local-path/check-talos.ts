import type { Check, CheckResult } from "../../model/backend";
import { findTalosVolume, isTalos, talosVolumeOf } from "../../preflight/nodes";
import type { TalosVolume } from "../../model/node-facts";
import { evidence, type Place, placesOf } from "./places";
import { results } from "../../preflight/results";
import type { PreflightFacts } from "../../model/preflight-facts";
import type { LocalPathConfig } from "./config";

const { ok, error, unknown } = results("local-path-talos");

/** On Talos, a path has to be on a volume that Talos mounts, or an extra mount of the kubelet. */
export const localPathTalos: Check<LocalPathConfig> = {
  id: "local-path-talos",
  group: "local-path",
  run({ config, facts }) {
    const places = placesOf(config, facts.nodes ?? []).filter(({ node }) => isTalos(node));
    return places.map((place) => judge(place, facts, config.sharedDisk));
  },
};

function judge(place: Place, facts: PreflightFacts, sharedDisk: boolean): CheckResult {
  const { node, path } = place;
  const name = talosVolumeOf(path);
  if (!node.talos) {
    if (evidence(place, facts)?.own) return ok(`${path} on ${node.name} is mounted`);
    return unknown(
      `talosctl didn't answer here, so it is not known whether Talos on ${node.name} has what ${path} needs`,
      `talosctl -n ${node.name} get ${name ? "volumestatus" : "kubeletspec -o yaml"}`,
    );
  }
  return name
    ? judgeVolume(place, name, findTalosVolume(node.talos, name), sharedDisk)
    : judgeExtraMount(place, node.talos.extraMounts);
}

function judgeVolume(
  { node, path }: Place,
  name: string,
  volume: TalosVolume | undefined,
  sharedDisk: boolean,
): CheckResult {
  const systemDisk = `${path} would be a directory of the system disk`;
  if (!volume)
    return error(
      `Talos on ${node.name} has no user, existing or external volume ${name}, so ${systemDisk}`,
      `apply a UserVolumeConfig named ${name}: docs/talos.md`,
    );
  const { id, kind, phase, directory } = volume;
  if (kind === "raw")
    return error(
      `the volume ${name} on ${node.name} is a raw one, which Talos doesn't mount, so ${systemDisk}`,
      "make it a UserVolumeConfig in place of the RawVolumeConfig, or name the path of another volume: docs/talos.md",
    );
  if (phase !== "ready")
    return error(
      `the ${kind} volume ${name} on ${node.name} is ${phase}, not ready`,
      `talosctl -n ${node.name} get volumestatus ${id} -o yaml says why`,
    );
  if (directory && !sharedDisk)
    return error(
      `the ${kind} volume ${name} on ${node.name} is a directory of the system disk (volumeType: directory)`,
      "give it a partition or a disk of its own: docs/talos.md; or allow it with sharedDisk: true",
    );
  return ok(`Talos on ${node.name} has the ${kind} volume ${name}`);
}

function judgeExtraMount({ node, path }: Place, mounts: string[]): CheckResult {
  const given = mounts.some((mount) => path === mount || path.startsWith(`${mount}/`));
  if (given) return ok(`the kubelet on ${node.name} is given ${path}`);
  return error(
    `the kubelet on ${node.name} can't see ${path}, which is not below /var/mnt`,
    "give it in machine.kubelet.extraMounts, or use a user volume: docs/talos.md",
  );
}
