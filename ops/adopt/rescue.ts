import { stackAnnotation, stoppedAnnotation } from "../../model/metadata";
import type { VolumeFacts } from "../../model/facts";
import type { Refusal } from "../../model/service-spec";
import { nameOf } from "./claims";
import type { Facts, LiveObject, Planned, Rescue, Resume, Verdict } from "./types";

/**
 * What to do about the stack's claims that are being deleted while a pod still uses them, and about workloads that an
 * earlier run of this command has stopped for that. `workloads`: those that the program or the state has.
 */
export function decideRescues(
  claims: readonly Planned[],
  workloads: readonly Planned[],
  facts: Facts,
  stack: string,
): Verdict[] {
  const own = workloads.flatMap((workload) => {
    const live = facts.live.get(workload.urn);
    return live && live.metadata.annotations?.[stackAnnotation] === stack ? [{ urn: workload.urn, live }] : [];
  });
  return [
    ...claims.flatMap((claim) => {
      const live = facts.live.get(claim.urn);
      if (!live?.metadata.deletionTimestamp || live.metadata.annotations?.[stackAnnotation] !== stack) return [];
      return [
        rescue(
          claim,
          live,
          own.map((workload) => workload.live),
          facts,
        ),
      ];
    }),
    ...own.flatMap(({ urn, live }) => resume(urn, live)),
  ];
}

function rescue(claim: Planned, live: LiveObject, workloads: readonly LiveObject[], facts: Facts): Verdict {
  const { name, namespace = "" } = nameOf(claim);
  const base = { urn: claim.urn, kind: live.kind, namespace, name, found: "is being deleted" };
  const volumeName = (live.spec as { volumeName?: string }).volumeName;
  const volume = facts.volumes.find((each) => each.name === volumeName);
  const users = facts.users.filter((user) => user.namespace === namespace && user.claims.includes(name));
  const stops = workloads.filter(({ kind, metadata }) =>
    users.some(({ owner }) => owner?.kind === kind && owner.name === metadata.name && metadata.namespace === namespace),
  );
  const strangers = users.filter(
    ({ owner }) => !stops.some(({ kind, metadata }) => owner?.kind === kind && owner.name === metadata.name),
  );
  const faults = [
    ...unfit(volume, live),
    ...strangers.map(({ pod }) => ({
      why: `it is being deleted, and the pod ${pod} uses it, which is not one of the stack's`,
      wayOut: `leave that pod running until its owner can stop it for good, and run this again`,
    })),
  ];
  if (faults.length > 0 || !volume) return { ...base, action: "refuse", faults };
  return { ...base, action: "rescue", live, volume: volume.name, policy: volume.reclaimPolicy, stops };
}

function unfit(volume: VolumeFacts | undefined, { metadata, spec }: LiveObject): Refusal[] {
  const name = (spec as { volumeName?: string }).volumeName;
  if (!volume)
    return [
      {
        why: name === undefined ? "it is being deleted and has no volume" : `it is being deleted, and ${name} is gone`,
        wayOut: "there is no data to keep on it: wait until it is gone, and run this again",
      },
    ];
  if (volume.deleting)
    return [
      {
        why: `it is being deleted, and its volume ${volume.name} as well`,
        wayOut: "leave its pod running, and copy the data out of it: nothing can make this claim again on that volume",
      },
    ];
  return volume.claimUid === metadata.uid
    ? []
    : [
        {
          why: `its volume ${volume.name} is another claim's`,
          wayOut: `look whose: kubectl describe pv ${volume.name}`,
        },
      ];
}

/** Workloads of the state that somebody deleted. An update compares the config with the state and doesn't see that. */
export const decideLost = (recorded: readonly Planned[], facts: Facts): Verdict[] =>
  recorded
    .filter(({ urn }) => !facts.live.has(urn))
    .map((workload) => {
      const { kind } = workload.inputs as unknown as LiveObject;
      return { urn: workload.urn, kind, ...nameOf(workload), found: "is gone", action: "forget" };
    });

/** A workload that was stopped for a rescue, by the number of replicas that it had. */
function resume(urn: string, live: LiveObject): Verdict[] {
  const note = live.metadata.annotations?.[stoppedAnnotation];
  if (note === undefined) return [];
  const { name, namespace } = live.metadata;
  const replicas = Number.parseInt(note, 10) || 1;
  return [
    { urn, kind: live.kind, namespace, name, found: "stopped by npm run adopt", action: "resume", live, replicas },
  ];
}

export const isRescue = (verdict: Verdict): verdict is Verdict & Rescue => verdict.action === "rescue";
export const isResume = (verdict: Verdict): verdict is Verdict & Resume => verdict.action === "resume";
