import { claimArgument } from "../../model/config-path";
import type { Progress } from "../../local-cluster/progress";
import { editMap, readMap } from "../move/edit";
import { entryPath, findClaim } from "../move/find";
import { readClaimEntry, withoutKept } from "../move/claim-entry";
import { devStack, projectName, readStackConfig, stackFile } from "../pulumi/project";
import { planOf } from "../pulumi/stack-plan";
import { findTarget } from "../pulumi/target";
import { carryOutRelease } from "./carry-out";
import { chooseKept } from "./decide";

export interface ReleaseOptions {
  stack?: string;
  context?: string;
  generation?: number;
  yes?: boolean;
  noPoint?: boolean;
}

/**
 * Deletes one kept volume with its data, and takes it out of the state and the stack file. If the file alone is a
 * reason to refuse, the cluster isn't asked.
 */
export async function releaseVolume(operand: string, options: ReleaseOptions, progress: Progress): Promise<void> {
  const stack = options.stack ?? devStack;
  const owner = { project: await projectName(), stack };
  const before = await readStackConfig(stack);
  const { plan } = planOf(before, owner);
  const claim = findClaim(operand, plan);
  const volume = chooseKept(claimArgument(claim), claim, options.generation);
  const path = entryPath(owner.project, claim);
  const after = editMap(before, path, withoutKept(readClaimEntry(readMap(before, path)), volume.generation));
  const service = plan.services.find(({ name }) => name === claim.service)!;
  await carryOutRelease(
    { service, claim, volume, file: stackFile(stack), before, after },
    await findTarget(options),
    options,
    progress,
  );
}
