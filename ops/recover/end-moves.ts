import {
  PatchStrategy,
  type KubernetesObject,
  type V1Job,
  type V1StatefulSet,
  type V1Deployment,
} from "@kubernetes/client-node";
import { workloadAnnotation, stackAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { ifFound, type Kube } from "../../kube/client";
import { lookUpClaim } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";
import { describeRevival, factOf, revive, type KnownMove } from "./moves";

export interface EndOptions {
  say: (line: string) => void;
  /** How long a job may take to end, in ms. Before it ends, it starts its service again. */
  patience?: number;
}

export interface EndedMoves {
  /** URNs of the jobs that the cluster no longer has. */
  ended: string[];
  /** URNs of the jobs that are complete. */
  complete: string[];
}

/**
 * Ends the moves that an interrupted update left under way, and starts their services again on the claim that they use.
 * Complete jobs and what isn't this stack's stay as they are.
 */
export async function endMoves(
  kube: Kube,
  moves: readonly KnownMove[],
  stack: string,
  options: EndOptions,
): Promise<EndedMoves> {
  const result: EndedMoves = { ended: [], complete: [] };
  for (const { urn, move } of moves) {
    const job = await readJob(kube, move);
    if (job && job.stack !== stack) continue;
    if (job && !job.complete) {
      options.say(
        `the move ${move.job} of ${move.service} is not complete: ending it; the next update begins it again`,
      );
      await endJob(kube, move, job, options);
    }
    (job?.complete ? result.complete : result.ended).push(urn);
    await reviveWorkload(kube, move, stack, options.say);
  }
  return result;
}

const jobOf = ({ namespace, job }: Move) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { namespace, name: job },
});
const workloadOf = ({ namespace, workload: { kind, name } }: Move) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { namespace, name },
});

/** The job that the cluster has under a move's name. */
interface JobFact {
  uid: string;
  /** `project/stack` from the job's annotation. */
  stack?: string;
  complete: boolean;
}

async function readJob(kube: Kube, move: Move): Promise<JobFact | undefined> {
  const job = await ifFound<V1Job>(kube.objects.read(jobOf(move)));
  if (!job?.metadata) return undefined;
  const complete =
    job.status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True") ?? false;
  return { uid: job.metadata.uid ?? "", stack: job.metadata.annotations?.[stackAnnotation], complete };
}

/**
 * Deletes the job in the foreground: its pods get their signal, start the service again, and are gone
 * before the job is.
 */
async function endJob(kube: Kube, move: Move, { uid }: JobFact, { patience = 300_000 }: EndOptions): Promise<void> {
  await ifFound(
    kube.objects.delete(jobOf(move), undefined, undefined, undefined, undefined, "Foreground", {
      preconditions: { uid },
    }),
  );
  const left = async () => {
    if ((await readJob(kube, move))?.uid !== uid) return;
    throw new NotYet(
      `the job ${move.namespace}/${move.job} was told to end and is still there after ${patience / 1000} s: ` +
        `see what holds its pods (kubectl describe pods -n ${move.namespace} -l job-name=${move.job}), ` +
        "then run this again. The state was not changed.",
    );
  };
  await waitFor(left, { patience });
}

async function reviveWorkload(kube: Kube, move: Move, stack: string, say: (line: string) => void): Promise<void> {
  const found = await ifFound<V1Deployment | V1StatefulSet>(kube.objects.read(workloadOf(move)));
  if (!found) return remake(kube, move, stack, say);
  if (found.metadata?.annotations?.[stackAnnotation] !== stack) return;
  const fact = factOf(found, move);
  const patch = revive(fact);
  if (!patch) return;
  const target = {
    ...workloadOf(move),
    ...patch,
    metadata: { ...workloadOf(move).metadata, ...(patch as KubernetesObject).metadata },
  };
  await kube.objects.patch(target, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
  say(describeRevival(move, fact));
}

/**
 * A StatefulSet's claim templates can't be changed, so a move deletes the set and makes it again. Meanwhile, an
 * annotation of the target claim holds the set's manifest.
 */
async function remake(kube: Kube, move: Move, stack: string, say: (line: string) => void): Promise<void> {
  const { namespace, target, template, workload, job } = move;
  if (!template || target.claim === undefined) return;
  const claim = await lookUpClaim(kube, namespace, target.claim);
  const { [stackAnnotation]: owner, [workloadAnnotation]: manifest } = claim?.annotations ?? {};
  if (owner !== stack || manifest === undefined) return;
  await kube.objects.create(JSON.parse(manifest) as KubernetesObject);
  say(`${workload.kind} ${workload.name} was taken down by the move ${job}: made again as it was`);
  await reviveWorkload(kube, move, stack, say);
}
