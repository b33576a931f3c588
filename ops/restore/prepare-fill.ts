import { backupsOnlyVariable } from "../../config/backups-only";
import { ifFound, type Kube } from "../../kube/client";
import type { Progress } from "../../local-cluster/progress";
import { backupName, type ListedPoint } from "../../model/backup";
import type { StoragePlan } from "../../model/plan";
import { count } from "../../model/quantity";
import { UserError } from "../../model/user-error";
import { linesOf, type CronJobRef } from "../backup/job";
import { readListed } from "../backup/print";
import { knownClaims } from "../pulumi/known-claims";
import { exportState, up, type Stack } from "../pulumi/stack";
import { bringKeys } from "./bring-keys";
import { checkFresh, findAbsent, pointsToFill, type Absent, type Filling } from "./to-fill";
import { namesIn, valueNames } from "./values";

/** What there is to fill. */
export interface Fillings {
  fillings: Filling[];
  /** All points of the repository, of all stacks. */
  points: ListedPoint[];
  /** What has read the repository; absent where nothing had to. */
  job?: CronJobRef;
}

/**
 * Looks for the newest point of each service whose volumes the next update fills, and makes in the cluster only what
 * reads the repository. Empty: there is nothing to fill. Throws a UserError where a service has no point, and where one
 * that begins empty, by the config, has some; `fresh`: those that are looked at for that.
 */
export async function findFillings(
  stack: Stack,
  kube: Kube,
  plan: StoragePlan,
  { filled: services, fresh }: Pick<Absent, "filled" | "fresh">,
  progress: Progress,
): Promise<Fillings> {
  const backedUp = plan.services.find(({ backup }) => backup)?.backup;
  if (services.length + fresh.length === 0 || !backedUp) return { fillings: [], points: [] };
  const job = { namespace: backedUp.task.home, cronJob: backupName(backedUp.task.service) };
  await readyJob(stack, kube, job, progress);
  const { lines, failed } = await progress.step("looking at the repository", () => linesOf(kube, job, { act: "list" }));
  if (failed !== undefined) throw new UserError(`${failed}. No service was started`);
  const points = readListed(lines);
  checkFresh(plan, fresh, points);
  return { fillings: pointsToFill(plan, services, points), points, job };
}

/** Makes the backups' jobs, where a cluster that is new doesn't have them. */
async function readyJob(stack: Stack, kube: Kube, job: CronJobRef, progress: Progress): Promise<void> {
  const { namespace, cronJob: name } = job;
  const ref = { apiVersion: "batch/v1", kind: "CronJob", metadata: { name, namespace } };
  if (await ifFound(kube.objects.read(ref))) return;
  if (knownClaims((await exportState(stack)).deployment).size > 0)
    throw new UserError(
      `the CronJob ${namespace}/${name} is not in the cluster, and the state has services; pulumi up --refresh makes ` +
        "it again, then run the same command again",
    );
  const env = { ...stack.env, [backupsOnlyVariable]: "true" };
  await progress.step("making what reads the repository (pulumi up)", () => up({ ...stack, env }, () => undefined));
}

/** Brings the points' passwords and keys into the stack's state. */
export async function giveKeys(
  stack: Stack,
  kube: Kube,
  { fillings, job }: { fillings: readonly Filling[]; job: CronJobRef },
  progress: Progress,
): Promise<void> {
  const brought = await progress.step("bringing passwords and keys from the points", () =>
    bringKeys(stack, kube, job, fillings),
  );
  progress.info(`${count(brought, "password or key", "passwords and keys")} of before are in the stack's state`);
}

/**
 * Before an update of a stack whose state is gone and whose repository is not: brings the points' passwords and keys.
 * The update then fills the volumes.
 */
export async function rememberKeys(stack: Stack, kube: Kube, plan: StoragePlan, progress: Progress): Promise<void> {
  if (!plan.backups) return;
  const { filled } = await findAbsent(kube, plan);
  // So it is at most starts, and to export a state takes the longest here.
  if (filled.length === 0) return;
  const known = namesIn(await exportState(stack));
  const forgotten = filled.some((service) => valueNames(service).some(({ name }) => !known.includes(name)));
  if (!forgotten) return;
  const { fillings, job } = await findFillings(stack, kube, plan, { filled, fresh: [] }, progress);
  if (job) await giveKeys(stack, kube, { fillings, job }, progress);
}
