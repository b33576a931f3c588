import type { KubernetesObject, V1Job, V1StatefulSet, V1Deployment } from "@kubernetes/client-node";
import { workloadAnnotation, stackAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { newestPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { deleteInForeground } from "../../kube/delete";
import { lookUpClaim } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";
import type { Deployment } from "../pulumi/state";
import { declaredSet, refusedManifest } from "./declared-set";
import { foreignFields } from "./kept-set";
import { makeAgain } from "./make-again";
import { describeRevival, factOf, revive, type KnownMove } from "./moves";
import { claimNames } from "./taken-down";

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
 * Complete jobs and what isn't this stack's stay as they are. Throws a UserError at the end where a service could not
 * be started.
 */
export async function endMoves(
  kube: Kube,
  moves: readonly KnownMove[],
  deployment: Deployment,
  stack: string,
  options: EndOptions,
): Promise<EndedMoves> {
  const result: EndedMoves = { ended: [], complete: [] };
  const refused: string[] = [];
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
    const why = await reviveWorkload(kube, move, { stack, deployment, say: options.say });
    if (why !== undefined) refused.push(why);
  }
  if (refused.length > 0) throw new UserError(`${refused.join("\n")}\nThe state was not changed.`);
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
  await deleteInForeground(kube, jobOf(move), uid);
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

/** What a workload is revived by: the stack, as `project/stack`, its state, and who is told. */
interface Ground {
  stack: string;
  deployment: Deployment;
  say: (line: string) => void;
}

/** Returns why a workload that is missing was not made again; undefined where all is well. */
async function reviveWorkload(kube: Kube, move: Move, ground: Ground): Promise<string | undefined> {
  const { stack, say } = ground;
  const found = await ifFound<V1Deployment | V1StatefulSet>(kube.objects.read(workloadOf(move)));
  if (!found) return remake(kube, move, ground);
  if (found.metadata?.annotations?.[stackAnnotation] !== stack) return undefined;
  const fact = factOf(found, move);
  const patch = revive(fact);
  if (!patch) return undefined;
  const target = {
    ...workloadOf(move),
    ...patch,
    metadata: { ...workloadOf(move).metadata, ...(patch as KubernetesObject).metadata },
  };
  await mergePatch(kube, target);
  say(describeRevival(move, fact));
  return undefined;
}

/**
 * A StatefulSet's claim templates can't be changed, so a move deletes the set and makes it again. Meanwhile, an
 * annotation of the target claim holds the set's manifest. Anybody who may edit claims can write there, so only what
 * the stack declares is made.
 */
async function remake(kube: Kube, move: Move, { stack, deployment, say }: Ground): Promise<string | undefined> {
  const { namespace, target, template, workload, job, restore } = move;
  if (!template || target.claim === undefined) return undefined;
  // Its claim has a part of the point: the next update fills it to the end, and makes the set then.
  if (restore?.point === newestPoint) return undefined;
  const claim = await lookUpClaim(kube, namespace, target.claim);
  const { [stackAnnotation]: owner, [workloadAnnotation]: kept } = claim?.annotations ?? {};
  const set = declaredSet(deployment, move);
  if (owner !== stack) return undefined;
  if (kept === undefined) {
    if (set?.made !== undefined) await makeAgain(kube, [{ ...set, made: set.made }], stack, { say });
    return undefined;
  }
  const manifest = parsed(kept);
  const foreign = set ? foreignFields(manifest, set.manifest, move) : ["a StatefulSet that the state doesn't know"];
  if (foreign.length > 0) return refusedManifest(move, foreign);
  const missing = await missingClaims(kube, manifest as V1StatefulSet);
  if (missing.length > 0)
    return (
      `${workload.kind} ${workload.name} was taken down by the move ${job}, and its claim ${missing.join(", ")} has ` +
      "no volume: it was not made again, because it would start empty"
    );
  await kube.objects.create(manifest as KubernetesObject);
  say(`${workload.kind} ${workload.name} was taken down by the move ${job}: made again as it was`);
  return reviveWorkload(kube, move, { stack, deployment, say });
}

/** The text of an annotation that is no manifest counts as one without fields. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function missingClaims(kube: Kube, manifest: V1StatefulSet): Promise<string[]> {
  const { namespace = "" } = manifest.metadata ?? {};
  const found = await Promise.all(
    claimNames(manifest).map(async (name) => ({ name, claim: await lookUpClaim(kube, namespace, name) })),
  );
  return found.filter(({ claim }) => claim?.phase !== "Bound" || claim.deleting).map(({ name }) => name);
}
