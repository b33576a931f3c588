import { isDeepStrictEqual } from "node:util";
import { movingAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { isSpillInit, spillInit, spillScripts } from "../../model/spill";
import type { Patch } from "../wire/api";
import { placesPatch } from "./places";
import { isOurs, ownVolume } from "./mounts";
import type { Container, PodSpec, Volume, Workload } from "./objects";

/** Scales the workload down, and marks it with the move. */
export const stopPatch = ({ job }: Move): Patch<Workload> => ({
  metadata: { annotations: { [movingAnnotation]: job } },
  spec: { replicas: 0 },
});

/** Scales the workload up again without changing its volume. */
export const startPatch: Patch<Workload> = {
  metadata: { annotations: { [movingAnnotation]: null } },
  spec: { replicas: 1 },
};

/**
 * Switches the workload to the targets and scales it up. A workload whose pod was made by hand stays down until the
 * update gives it the stack's pod. The API server refuses the patch if the workload has changed since it was read.
 * `moves`: the job's own first.
 */
export function switchPatch({ metadata, spec }: Workload, moves: Move[]): Patch<Workload> {
  const before: Lists = spec.template.spec;
  const { initContainers, volumes } = moves.reduce<Lists>(switchedPod, before);
  const containers = resized(spec.template.spec.containers, moves[0]?.container);
  const places = moves[0] && placesPatch(spec.template.spec, moves[0]);
  const rests = moves[0]?.kind === "fill" && !isOurs(spec.template);
  const annotations = { [movingAnnotation]: rests ? null : moves[0]?.job };
  return {
    metadata: { resourceVersion: metadata.resourceVersion, annotations },
    spec: { replicas: rests ? 0 : 1, template: { spec: { initContainers, volumes, ...containers, ...places } } },
  };
}

/** The containers with what the service may use on the target; empty where that is as before. */
export function resized(containers: Container[], own: Move["container"]): { containers?: Container[] } {
  const old = containers.find(({ name }) => name === own?.name);
  if (!old || !own || isDeepStrictEqual(old.resources, own.resources)) return {};
  return { containers: containers.map((each) => (each === old ? { ...old, resources: own.resources } : each)) };
}

/** The parts of a pod that change with its volume. null: the patch removes the list. */
interface Lists extends Partial<Pick<PodSpec, "containers" | "volumes">> {
  initContainers?: Container[] | null;
}

function switchedPod(before: Lists, move: Move): Lists {
  const { volume, target, pod } = move;
  if (pod) return { ...before, ...pod };
  const own = ownVolume(before, move)?.name;
  const { volumes, initContainers } = withoutSpill(before, volume);
  const switched = (entry: Volume): Volume =>
    entry.name === own ? { name: own, persistentVolumeClaim: { claimName: target.claim ?? "" } } : entry;
  return { ...before, initContainers, volumes: volumes.map(switched) };
}

/**
 * A pod's lists without the parts that brought the volume's data from a claim. If the list of init containers is
 * absent, it stays absent, in a patch too.
 */
export function withoutSpill(
  { volumes = [], initContainers }: Lists,
  volume: string,
): { volumes: Volume[]; initContainers?: Container[] | null } {
  const others = (initContainers ?? []).filter(({ name }) => name !== spillInit(volume));
  const unused = [spillInit(volume), ...(others.some(({ name }) => isSpillInit(name)) ? [] : [spillScripts])];
  const absent = initContainers !== null && (initContainers ?? []).length === 0;
  return {
    volumes: volumes.filter(({ name }) => !unused.includes(name)),
    initContainers: others.length > 0 ? others : absent ? undefined : null,
  };
}
