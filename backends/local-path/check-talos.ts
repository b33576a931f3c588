import type { Check, CheckResult } from "../../model/backend";
import { isTalos, userVolumeOf } from "../../preflight/nodes";
import { evidence, type Place, placesOf } from "./places";
import { results } from "../../preflight/results";
import type { PreflightFacts } from "../../model/preflight-facts";
import type { LocalPathConfig } from "./config";

const { ok, error, unknown } = results("local-path-talos");

/** On Talos, a path has to be a user volume or an extra mount of the kubelet. */
export const localPathTalos: Check<LocalPathConfig> = {
  id: "local-path-talos",
  group: "local-path",
  run({ config, facts }) {
    const places = placesOf(config, facts.nodes ?? []).filter(({ node }) => isTalos(node));
    return places.map((place) => judge(place, facts));
  },
};

function judge(place: Place, facts: PreflightFacts): CheckResult {
  const { node, path } = place;
  const volume = userVolumeOf(path);
  if (!node.talos) {
    if (evidence(place, facts)?.own) return ok(`${path} on ${node.name} is mounted`);
    const tells = volume
      ? `talosctl -n ${node.name} get volumestatus u-${volume}`
      : `talosctl -n ${node.name} get kubeletspec -o yaml`;
    return unknown(
      `talosctl didn't answer here, so it is not known whether Talos on ${node.name} has what ${path} needs`,
      tells,
    );
  }
  return volume
    ? judgeUserVolume(place, volume, node.talos.userVolumes[volume])
    : judgeExtraMount(place, node.talos.extraMounts);
}

function judgeUserVolume({ node, path }: Place, volume: string, phase: string | undefined): CheckResult {
  if (phase === "ready") return ok(`Talos on ${node.name} has the user volume ${volume}`);
  if (phase)
    return error(
      `the user volume ${volume} on ${node.name} is ${phase}, not ready`,
      `talosctl -n ${node.name} get volumestatus u-${volume} -o yaml says why`,
    );
  return error(
    `Talos on ${node.name} has no user volume ${volume}, so ${path} would be a directory of the system disk`,
    `apply a UserVolumeConfig named ${volume}: docs/talos.md`,
  );
}

function judgeExtraMount({ node, path }: Place, mounts: string[]): CheckResult {
  const given = mounts.some((mount) => path === mount || path.startsWith(`${mount}/`));
  if (given) return ok(`the kubelet on ${node.name} is given ${path}`);
  return error(
    `the kubelet on ${node.name} can't see ${path}, which is not below /var/mnt`,
    "give it in machine.kubelet.extraMounts, or use a user volume: docs/talos.md",
  );
}
