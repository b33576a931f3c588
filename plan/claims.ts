import type { ClaimConfig, KeptConfig, ServiceConfig } from "../model/config";
import type { KnownClass } from "./classes";
import { pathText, volumePath, type VolumePlace } from "../model/config-path";
import { decide } from "./decisions";
import { selectedNodeAnnotation } from "../model/metadata";
import { checkGenerations, planMove } from "./moves";
import { checkNode, checkOneNode } from "./nodes";
import { checkAccessMode, place } from "./placement";
import type { ClaimSpec, ServiceSpec } from "../model/service-spec";
import type { ClaimPlan, VolumePlan } from "../model/storage";
import type { Fault } from "../model/plan";

/** The first generation has the plain name; a template's claim gets its name from the StatefulSet controller. */
function names(
  service: string,
  spec: ClaimSpec,
  config: ClaimConfig,
  generation: number,
): Pick<VolumePlan, "name" | "template"> {
  const suffix = generation === 1 ? "" : `-${generation}`;
  if (!spec.template) return { name: `${config.claim ?? spec.name}${suffix}` };
  const template = `${spec.name}${suffix}`;
  return { name: `${template}-${service}-0`, template };
}

/**
 * Annotations for the provisioner: the directory's owner, its mode (group-writable, with an inherited group, as the
 * kubelet makes it for fsGroup) and its node.
 */
function annotationsOf({ identity }: ServiceSpec, node: string | undefined): Record<string, string> {
  const ownership = {
    "cluster-storage/uid": String(identity.uid),
    "cluster-storage/gid": String(identity.gid),
    "cluster-storage/mode": "2770",
  };
  return node === undefined ? ownership : { ...ownership, [selectedNodeAnnotation]: node };
}

export interface PlannedClaims {
  claims: ClaimPlan[];
  faults: Fault[];
  warnings: string[];
}

/** What all volumes of a service share. */
interface Ground {
  spec: ServiceSpec;
  namespace: string;
  protect: boolean;
  classes: KnownClass[];
}

/** A service's claims with all their generations, and what is wrong with the places where the config puts them. */
export function planClaims(
  spec: ServiceSpec,
  config: ServiceConfig,
  namespace: string,
  protect: boolean,
  classes: KnownClass[],
): PlannedClaims {
  const planned: PlannedClaims = { claims: [], faults: [], warnings: [] };
  const ground = { spec, namespace, protect, classes };
  for (const claim of spec.claims) {
    const settings = config.claims[claim.name];
    if (!settings) continue;
    const place: VolumePlace = { service: spec.name, ...(claim.key === undefined ? {} : { claimKey: claim.key }) };
    const volume = (of: ClaimConfig | KeptConfig, at: VolumePlace) =>
      planVolume(ground, claim, settings, of, at, planned);
    const current = volume(settings, place);
    const kept = settings.kept.flatMap((entry, keptIndex) => volume(entry, { ...place, keptIndex }) ?? []);
    planned.faults.push(...checkGenerations(settings, place), ...checkCleanup(settings, place));
    if (current)
      planned.claims.push({
        ...current,
        volume: current.template ?? claim.name,
        mounts: claim.mounts,
        kept,
        move: planMove(claim.name, settings, current, kept),
      });
  }
  planned.faults.push(...checkOneNode(planned.claims));
  return planned;
}

function planVolume(
  { spec, namespace, protect, classes }: Ground,
  claim: ClaimSpec,
  settings: ClaimConfig,
  of: ClaimConfig | KeptConfig,
  at: VolumePlace,
  planned: PlannedClaims,
): VolumePlan | undefined {
  const placement = place(of, at, classes);
  if ("fault" in placement) {
    planned.faults.push(placement.fault);
    return undefined;
  }
  const { className, known } = placement;
  const named = names(spec.name, claim, settings, of.generation);
  const decision = decide(
    known,
    { name: named.name, service: spec, namespace, size: of.size, accessMode: of.accessMode, node: of.node },
    of,
    at,
  );
  planned.faults.push(...checkAccessMode(of, at, known), ...checkNode(of, at, known), ...decision.faults);
  planned.warnings.push(...decision.warnings);
  return {
    ...named,
    ...at,
    namespace,
    generation: of.generation,
    className,
    ...decision.settings,
    size: of.size,
    accessMode: of.accessMode,
    backend: known?.backend,
    ephemeral: known?.ephemeral ?? false,
    ...(of.node === undefined ? {} : { node: of.node }),
    protect,
    annotations: annotationsOf(spec, of.node),
  };
}

function checkCleanup({ accessMode, cleanup }: ClaimConfig, claim: VolumePlace): Fault[] {
  if (!cleanup || accessMode !== "ReadWriteOncePod") return [];
  return [
    {
      path: volumePath(claim, "cleanup"),
      message:
        "is not possible with ReadWriteOncePod, because the clean-up runs in a pod of its own; use ReadWriteOnce",
    },
  ];
}

/** No two claims may have the same name in a namespace: both would get the same data. */
export function checkClaimNames(claims: ClaimPlan[]): Fault[] {
  const volumes = volumesOf(claims);
  return volumes.flatMap((claim, i) => {
    const first = volumes
      .slice(0, i)
      .find(({ name, namespace }) => name === claim.name && namespace === claim.namespace);
    if (!first) return [];
    return [
      {
        path: pathText(["services", claim.service]),
        message:
          `claim "${claim.name}" in namespace ${claim.namespace} ` +
          `${first.service === claim.service ? "is declared twice" : `belongs to ${first.service}`}; give this one ` +
          "another name",
      },
    ];
  });
}

/** Every volume that has a claim of its own: those in use and those kept. */
export function volumesOf(claims: ClaimPlan[]): VolumePlan[] {
  return claims.flatMap((claim) => [claim, ...claim.kept]).filter(({ ephemeral }) => !ephemeral);
}
