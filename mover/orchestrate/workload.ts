import type { Move, MoveEnd } from "../../model/mover";
import { MoveError } from "../faults";
import { ownVolume } from "./mounts";
import type { Manifest, Pod, Volume, Workload, WorkloadSpec } from "./objects";

/** Which end of the move a workload uses. Throws where it uses neither. */
export function endInUse({ spec }: Pick<Workload, "spec">, move: Move): "source" | "target" {
  const uses = move.template ? templateInUse(spec, move, move.template) : volumeInUse(spec, move);
  if (uses === undefined) {
    throw new MoveError(
      `${name(move)} uses neither ${nameOf(move.source)} nor ${nameOf(move.target)} for its ` +
        `volume ${move.volume}; nothing was changed`,
    );
  }
  return uses;
}

/** One end of a move, for people. */
export const nameOf = ({ claim }: MoveEnd) => claim ?? "an emptyDir";

/** The move's workload, for people. */
export const name = ({ workload }: Move) => `${workload.kind} ${workload.name}`;

type End = "source" | "target" | undefined;

/**
 * The end that a StatefulSet uses. The target is a template's claim; the source is one too, or the pod's own volume.
 */
function templateInUse(spec: WorkloadSpec, { source }: Move, template: { from: string; to: string }): End {
  const names = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  if (names.includes(template.to)) return "target";
  const own = spec.template.spec.volumes?.find((volume) => volume.name === template.from);
  const found = source.claim ? names.includes(template.from) : own?.emptyDir !== undefined;
  return found ? "source" : undefined;
}

function volumeInUse({ template }: WorkloadSpec, move: Move): End {
  const volume = ownVolume(template.spec, move);
  if (!volume) return undefined;
  if (isEnd(volume, move.target)) return "target";
  return isEnd(volume, move.source) ? "source" : undefined;
}

const isEnd = ({ persistentVolumeClaim, emptyDir }: Volume, { claim }: MoveEnd) =>
  claim ? persistentVolumeClaim?.claimName === claim : emptyDir !== undefined;

/** The manifest from which a workload can be made again, without the fields that the server adds. */
export function manifestOf({ apiVersion = "apps/v1", kind = "StatefulSet", metadata, spec }: Workload): Manifest {
  const { name, namespace, labels, annotations } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec };
}

export function isReady({ metadata, spec, status = {} }: Workload): boolean {
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, replicas = 0 } = status;
  return (
    observedGeneration >= metadata.generation &&
    spec.replicas > 0 &&
    readyReplicas >= spec.replicas &&
    updatedReplicas >= spec.replicas &&
    replicas === spec.replicas
  );
}

export function isStopped({ metadata, spec, status = {} }: Workload): boolean {
  return spec.replicas === 0 && (status.observedGeneration ?? 0) >= metadata.generation && (status.replicas ?? 0) === 0;
}

/** Pods that have the claim and have not ended. */
export function podsUsing(pods: Pod[], claim = ""): Pod[] {
  return pods.filter(
    ({ spec, status }) =>
      !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
      (spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim),
  );
}
