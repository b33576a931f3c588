import { notArrived } from "../../plan/arrival";
import type { Move } from "../../model/mover";
import { type JobSpec, moveOfJob } from "../move/job-env";
import { nameOf } from "./claims";
import { configPath } from "./config-path";
import type { Facts, Planned, Verdict } from "./types";

/**
 * Refuses to adopt while the config's lines describe a copy that isn't known to be done: claims that are made again
 * have no notes of their moves, so the next update would make the copy once more, over what may be the newest data.
 * `jobs`: those that the program wants. `claims`: the program's.
 */
export function refuseCopies(jobs: readonly Planned[], claims: readonly Planned[], facts: Facts): Verdict[] {
  return jobs.flatMap((job): Verdict[] => {
    const move = moveOfJob(job.inputs?.spec as JobSpec | undefined, nameOf(job));
    const { claim = "" } = move?.target ?? {};
    if (move?.kind !== "copy" || isDone(move, facts)) return [];
    const planned = claims.find((other) => nameOf(other).name === claim && nameOf(other).namespace === move.namespace);
    const path = planned ? configPath(planned) : `services.${move.service}`;
    const { source, replace } = move;
    return [
      {
        urn: job.urn,
        kind: "Job",
        ...nameOf(job),
        found: "a copy in the config",
        action: "refuse",
        faults: [
          {
            why:
              `the lines of ${path} describe a copy from ${source.claim} to ${claim}, and no note on these claims ` +
              `says that it is done, so the next update would copy over what ${claim} has`,
            wayOut: replace
              ? `take "from: ${source.generation}" out of the lines of ${path}: ${claim} is then used as it is`
              : `write from: none in the lines of ${path}: ${claim} is then used as it is`,
          },
        ],
      },
    ];
  });
}

/** Whether the notes on both claims say that the data has arrived. */
function isDone({ namespace, source, target, job }: Move, { live }: Facts): boolean {
  const annotationsOf = (claim = "") =>
    [...live.values()].find(
      ({ kind, metadata }) =>
        kind === "PersistentVolumeClaim" && metadata.name === claim && metadata.namespace === namespace,
    )?.metadata.annotations;
  const [name, from] = [target.claim ?? "", { name: source.claim ?? "", ephemeral: false }];
  return (
    notArrived({ name, ephemeral: false }, { job, from }, annotationsOf(name), annotationsOf(from.name)) === undefined
  );
}
