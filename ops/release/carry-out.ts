import { claimArgument } from "../../model/config-path";
import { readFile } from "node:fs/promises";
import type { Progress } from "../../local-cluster/progress";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import type { ServicePlan } from "../../model/plan";
import { named } from "../terminal/ask";
import { UserError } from "../../model/user-error";
import { assertReachable, type Kube } from "../../kube/client";
import { replaceStackFile } from "../move/file";
import type { BackedUpService } from "../backup/decide";
import { pointsFirst } from "../backup/points-first";
import { freeLocks } from "../recover/free-locks";
import { replaceState } from "../pulumi/replace-state";
import { exportState, stackId, type Stack } from "../pulumi/stack";
import type { Target } from "../pulumi/target";
import { decideRelease, type Proof, type ReleaseFacts } from "./decide";
import { deleteVolume } from "./delete";
import { describeRelease } from "./describe";
import { gatherFacts } from "./facts";
import { lookForPoints } from "./points";
import { claimUrn, withoutResource } from "./state";

/** A kept volume that is to be deleted. */
export interface Release {
  service: ServicePlan;
  claim: ClaimPlan;
  volume: VolumePlan;
  /** The stack file's path, its text now, and its text without the volume. */
  file: string;
  before: string;
  after: string;
}

/** What a person sees before answering. */
interface Findings {
  facts: ReleaseFacts;
  proof: Proof;
}

/**
 * Shows what would be deleted, asks, and deletes the volume, its entry in the state and its line in the file. After a
 * kill at any moment, the same call finishes the release.
 */
export async function carryOutRelease(
  release: Release,
  { stack, connect }: Target,
  options: { yes?: boolean; generation?: number; noPoint?: boolean },
  progress: Progress,
): Promise<void> {
  const { service, claim, volume, file, before, after } = release;
  const kube = connect();
  await assertReachable(kube);
  const found = await examine(kube, stack, release, progress);
  // Data that still waits to be given up is asked for again.
  const finishing = !volume.ephemeral && !found.facts.claim && found.facts.volume?.reclaimPolicy !== "Retain";
  const atRisk = service.backup && !volume.ephemeral && !finishing ? [service.name] : [];
  const first = await pointsFirst(kube, stack, atRisk, { ...options, what: "the release" });
  const [deployed] = first.backups;
  const points = deployed && (await pointsWith(kube, stack, deployed, release, progress));
  const about = describeRelease(claim, volume, found.facts, found.proof, points === undefined ? {} : { points });
  process.stdout.write(`this deletes, for good:\n${about}\n`);
  for (const note of first.notes) process.stdout.write(`${note}\n`);
  if (!finishing) await ask(volume.name, { ...options, proven: found.proof !== undefined });

  if (!volume.ephemeral) {
    await first.take(progress.info);
    const { facts } = finishing ? found : await examineAgain(kube, stack, release, found, progress);
    await progress.step(`deleting ${volume.name} and its data`, () =>
      deleteVolume(kube, volume, facts, stackId(stack)),
    );
    await forget(stack, volume.namespace, volume.name);
  }
  if (!(await replaceStackFile(file, before, after)))
    throw new UserError(
      `${file} was changed by somebody else meanwhile. Their change is kept, and the volume is deleted; run the same ` +
        "command again to take its line out of the file",
    );
  process.stdout.write(`${volume.ephemeral ? "" : `${volume.name} is deleted; `}its line is gone from ${file}.\n`);
}

/** What the repository has of the kept volume. */
function pointsWith(
  kube: Kube,
  stack: Stack,
  [, { backup }]: BackedUpService,
  { service, claim, volume }: Release,
  progress: Progress,
): Promise<string> {
  const index = service.claims.findIndex(({ name }) => name === claim.name);
  const kept = { owner: stackId(stack), service: service.name, index, generation: volume.generation };
  return progress.step(`looking for ${volume.name} in the repository`, () => lookForPoints(kube, backup, kept));
}

async function examine(
  kube: Kube,
  stack: Stack,
  { service, claim, volume }: Release,
  { info }: Progress,
): Promise<Findings> {
  if (stack.backend !== undefined) await freeLocks(stack, stack.backend, { say: info });
  const facts = await gatherFacts(kube, service, claim, volume, stackId(stack));
  return { facts, proof: decideRelease(claimArgument(claim), claim, volume, stackId(stack), facts) };
}

/**
 * A person may take long to answer. What was shown must still be true; otherwise a volume would be deleted that came
 * into use meanwhile.
 */
async function examineAgain(
  kube: Kube,
  stack: Stack,
  release: Release,
  asked: Findings,
  progress: Progress,
): Promise<Findings> {
  const { volume, file, before } = release;
  if ((await readFile(file, "utf8")) !== before)
    throw new UserError(`${file} was changed by somebody else meanwhile: nothing was deleted`);
  const found = await examine(kube, stack, release, progress);
  const same =
    found.facts.claim?.uid === asked.facts.claim?.uid && (found.proof !== undefined || asked.proof === undefined);
  if (!same)
    throw new UserError(
      `${volume.name} has changed since it was shown above: nothing was deleted; run the same command again`,
    );
  return found;
}

/** Without proof that the data is elsewhere, --yes alone isn't enough: --generation has to be given as well. */
async function ask(
  name: string,
  { yes = false, generation, proven }: { yes?: boolean; generation?: number; proven: boolean },
): Promise<void> {
  const untouched = "nothing was deleted";
  if (yes && !proven && generation === undefined)
    throw new UserError(
      `${untouched}: no record says that the data is elsewhere, so --yes needs --generation N as well`,
    );
  await named(`Type ${name} to delete it:`, name, { yes, untouched });
}

/** Takes the claim out of the stack's state, after it is gone from the cluster. */
async function forget(stack: Stack, namespace: string, name: string): Promise<void> {
  const state = await exportState(stack);
  const urn = claimUrn(state, namespace, name);
  if (urn !== undefined) await replaceState(stack, state, withoutResource(state, urn));
}
