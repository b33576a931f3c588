import type { Progress } from "../../cluster/progress";
import { ownerName } from "../../plan/metadata";
import { named } from "../ask";
import { UserError } from "../errors";
import { assertReachable } from "../kube/client";
import { editMap, readMap } from "../move/edit";
import { replaceStackFile } from "../move/file";
import { argumentOf, entryPath, findClaim } from "../move/find";
import { readLines, withoutKept } from "../move/lines";
import { devStack, projectName, readStackConfig, stackFile } from "../project";
import { freeLocks } from "../recover/freeLocks";
import { exportState, importState, type Stack } from "../stack";
import { planOf } from "../stackPlan";
import { findTarget } from "../target";
import { chooseKept, judge } from "./decide";
import { deleteVolume } from "./delete";
import { describeRelease } from "./describe";
import { gatherFacts } from "./facts";
import { claimUrn, withoutResource } from "./state";

export interface ReleaseOptions {
  stack?: string;
  context?: string;
  generation?: number;
  yes?: boolean;
}

/** Deletes one kept volume with its data, and takes it out of the state and the stack's file. Cut off anywhere, the same call finishes. */
export async function releaseVolume(operand: string, options: ReleaseOptions, progress: Progress): Promise<void> {
  const name = options.stack ?? devStack;
  const owner = { project: await projectName(), stack: name };
  const before = await readStackConfig(name);
  const { plan } = planOf(before, owner);
  const claim = findClaim(operand, plan);
  const volume = chooseKept(argumentOf(claim), claim, options.generation);

  const { stack, connect } = await findTarget(options);
  const kube = connect();
  await assertReachable(kube);
  if (stack.backend !== undefined) await freeLocks(stack, stack.backend, { say: progress.info });
  const facts = await gatherFacts(kube, plan.services.find((service) => service.name === claim.service)!, claim, volume);
  const proof = judge(argumentOf(claim), claim, volume, ownerName(owner), facts);
  process.stdout.write(`this releases, for good:\n${describeRelease(claim, volume, facts, proof)}\n`);
  const finishing = !volume.ephemeral && !facts.claim;
  if (!finishing) await ask(volume.name, { ...options, proven: proof !== undefined });

  if (!volume.ephemeral) {
    await progress.step(`deleting ${volume.name} and its data`, () => deleteVolume(kube, volume, facts));
    await forget(stack, volume.namespace, volume.name);
  }
  const path = entryPath(owner.project, claim.path);
  const after = editMap(before, path, withoutKept(readLines(readMap(before, path)), volume.generation));
  const file = stackFile(name);
  if (!(await replaceStackFile(file, before, after))) throw new UserError(`${file} was changed by somebody else meanwhile, and is as they left it; the same command takes the line out`);
  process.stdout.write(`${volume.ephemeral ? "the line" : volume.name} is gone, from ${file} too.\n`);
}

/** Without proof that the data is elsewhere, a bare --yes isn't enough: the generation has to be named with it. */
async function ask(name: string, { yes = false, generation, proven }: ReleaseOptions & { proven: boolean }): Promise<void> {
  const untouched = "nothing was deleted";
  if (yes && !proven && generation === undefined) throw new UserError(`${untouched}: nothing says that its data is elsewhere, so --yes needs --generation N beside it`);
  await named(`Type ${name} to delete it:`, name, { yes, untouched });
}

/** Takes the claim out of the stack's state; it is gone from the cluster already. */
async function forget(stack: Stack, namespace: string, name: string): Promise<void> {
  const state = await exportState(stack);
  const urn = claimUrn(state, namespace, name);
  if (urn !== undefined) await importState(stack, withoutResource(state, urn));
}
