import { volumePath } from "../../model/config-path";
import type { Check, CheckResult } from "../../model/backend";
import { volumesOf } from "../../plan/claims";
import type { StoragePlan } from "../../model/plan";
import type { Toleration } from "../../model/pod-settings";
import type { VolumePlan } from "../../model/storage";
import type { VolumeFacts } from "../../model/facts";
import type { NodeFacts } from "../../model/node-facts";
import { hostnameLabel, hostnameOf } from "../../model/nodes";
import { whyUnfit } from "../../preflight/nodes";
import { amount } from "../../model/quantity";
import { isEncrypted, judgeEncryption } from "../shared/encryption";
import { results } from "../../preflight/results";

/**
 * The part of a static backend's config that the check uses. For each claim it has the name of a PersistentVolume, or
 * the directory for which one is made.
 */
export interface StaticSettings {
  volumes: Record<string, string | { node: string; path: string }>;
  encrypted: boolean;
}

const { ok, warning, error, unknown, unread } = results("static-volume");

/** A claim waits for ever if its volume doesn't exist, is too small, or belongs to another claim. */
const staticVolume: Check<StaticSettings> = {
  id: "static-volume",
  group: "static",
  asks: ({ volumes }) => ({
    paths: Object.values(volumes).flatMap((volume) => (typeof volume === "string" ? [] : [volume.path])),
  }),
  run({ name, config, facts: { nodes, volumes }, plan }) {
    if (!nodes || !volumes) return [unread("nodes and volumes")];
    const claims = volumesOf(plan.services.flatMap((service) => service.claims)).filter(
      ({ backend }) => backend === name,
    );
    const judged = claims.flatMap((claim) => {
      const given = config.volumes[`${claim.namespace}/${claim.name}`] ?? config.volumes[claim.name];
      if (given === undefined) return [];
      return typeof given === "string"
        ? judgeVolume(claim, given, volumes)
        : judgeDirectory(claim, given, nodes, tolerationsOf(plan, claim));
    });
    return judged.length > 0 ? judged : [ok("each claim has its volume")];
  },
};

function judgeVolume(claim: VolumePlan, wanted: string, volumes: VolumeFacts[]): CheckResult[] {
  const volume = volumes.find(({ name }) => name === wanted);
  if (!volume)
    return [
      error(
        `there is no PersistentVolume ${wanted}, which claim ${claim.name} is to have`,
        "make it, or name a directory instead, of which one is made",
      ),
    ];
  const mine = `${claim.namespace}/${claim.name}`;
  if (volume.claim && volume.claim !== mine)
    return [
      error(`PersistentVolume ${wanted} belongs to claim ${volume.claim}, not to ${mine}`, "name another volume"),
    ];
  // A claim without a class is never bound to a volume with one. A pair that is already bound stays bound.
  if (volume.className !== "" && volume.claim !== mine)
    return [
      error(
        `PersistentVolume ${wanted} has class ${volume.className}, and claim ${claim.name} has none: they are ` +
          "never bound",
        'make the volume with storageClassName: "", or name another',
      ),
    ];
  if (volume.phase === "Released")
    return [
      error(
        `PersistentVolume ${wanted} is released: it is kept for a claim that was deleted`,
        `where its data is wanted: kubectl patch pv ${wanted} -p '{"spec":{"claimRef":null}}'`,
      ),
    ];
  if (amount(volume.size) < amount(claim.size))
    return [
      error(
        `PersistentVolume ${wanted} has ${volume.size}, and claim ${claim.name} asks for ${claim.size}`,
        `ask for at most ${volume.size} in cluster-storage:${volumePath(claim, "size")}`,
      ),
    ];
  if (!volume.accessModes.includes(claim.accessMode))
    return [
      error(
        `PersistentVolume ${wanted} can do ${volume.accessModes.join(" and ")}, and claim ${claim.name} asks ` +
          `for ${claim.accessMode}`,
        `set cluster-storage:${volumePath(claim, "accessMode")}`,
      ),
    ];
  return [];
}

const tolerationsOf = ({ services }: StoragePlan, { service }: VolumePlan) =>
  services.find(({ name }) => name === service)?.pod?.tolerations ?? [];

function judgeDirectory(
  claim: VolumePlan,
  { node: wanted, path }: { node: string; path: string },
  nodes: NodeFacts[],
  tolerations: readonly Toleration[],
): CheckResult[] {
  // The volume's affinity names the node by this label, and a cloud may set the label to another name than the node's.
  const node = nodes.find((each) => hostnameOf(each) === wanted);
  if (!node) {
    const named = nodes.find(({ name }) => name === wanted);
    return [
      error(
        `the cluster has no node ${wanted}, which is to have ${path} for claim ${claim.name}`,
        named
          ? `node ${wanted} has the label ${hostnameLabel}: ${hostnameOf(named)}, by which volumes name it; write that`
          : `name one of ${nodes.map(hostnameOf).join(", ")}`,
      ),
    ];
  }
  const unfit = whyUnfit(node, tolerations);
  if (unfit)
    return [
      warning(
        `${wanted} ${unfit}, and only there is ${path} for claim ${claim.name}: its pod would wait`,
        `kubectl describe node ${wanted}`,
      ),
    ];
  const seen = node.probe?.paths[path];
  if (!seen)
    return [unknown(`only a probe pod can tell whether ${path} is on ${wanted}`, "npm run preflight -- --probe")];
  return seen.existing === path
    ? []
    : [
        error(
          `${path} is not on ${wanted}: the pod of claim ${claim.name} would not start`,
          `make it on the node: mkdir -p ${path}`,
        ),
      ];
}

/** Of a PersistentVolume that the config names, only its maker knows the disk; it gets no result. */
const staticEncryption: Check<StaticSettings> = {
  id: "static-encryption",
  group: "static",
  run({ name, config, facts: { nodes } }) {
    if (!nodes) return [results(this.id).unread("nodes")];
    const states = Object.values(config.volumes).flatMap((volume) => {
      const node = typeof volume === "string" ? undefined : nodes.find((each) => hostnameOf(each) === volume.node);
      if (typeof volume === "string" || !node) return [];
      return [{ node: node.name, place: volume.path, encrypted: isEncrypted(node, volume.path) }];
    });
    return judgeEncryption(this.id, name, config.encrypted, states);
  },
};

export const staticChecks: Check<StaticSettings>[] = [staticVolume, staticEncryption];
