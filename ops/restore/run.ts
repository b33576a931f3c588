import { assertReachable, type Kube } from "../../kube/client";
import type { Progress } from "../../local-cluster/progress";
import { inspectedPrefix, type Inspected, type InspectTask } from "../../model/backup";
import { ownerName } from "../../model/metadata";
import type { ServicePlan } from "../../model/plan";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import { chooseBackups, type BackedUpService } from "../backup/decide";
import type { Wanted as Job } from "../../kube/backup-job";
import { linesOf } from "../backup/job";
import { pointsOf, pointTable, readListed } from "../backup/print";
import { assertAllSettled, planBatch, readStack, type StackState } from "../move/batch";
import { carryOutMoves } from "../move/carry-out";
import { applyCommand, findDeployment, type Deployment, type DeploymentOptions } from "../move/deployment";
import { readTaken } from "../move/taken";
import { readDeployed } from "../pulumi/known-claims";
import { localConfig } from "../pulumi/local-config";
import { devStack } from "../pulumi/project";
import { planOf } from "../pulumi/stack-plan";
import { choosePoint, newerThan, ownerOf } from "./choose";
import { restoreInto } from "./into";
import { checkSizes, plainVolume, restored, textsOf } from "./describe";

export interface RestoreRequest {
  service: string;
  at?: string;
  of?: string;
  /** The name of a claim that the point is brought to, beside the service. */
  into?: string;
  list?: boolean;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Restores a service from a point, by an edit of the stack file, or lists its points. Throws a UserError otherwise. */
export async function restoreService(
  { service: name, at, of, into, list = false }: RestoreRequest,
  options: DeploymentOptions & { yes?: boolean },
  progress: Progress,
): Promise<void> {
  const stack = await readStack(options.stack ?? devStack);
  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  const [{ services }] = await Promise.all([readDeployed(deployment.target.stack), assertReachable(kube)]);
  const own = services[name]?.backup !== undefined;
  const [chosen] = chooseBackups(services, own || !(name in services) ? [name] : []);
  const owner = ownerName(stack.owner);
  const wanted = { service: name, stack: owner, ...(at !== undefined && { at }), ...(of !== undefined && { of }) };
  const whose = ownerOf(wanted);
  const points = readListed(await printedBy(kube, chosen!, { act: "list" }));
  if (list) {
    const [project, other, service] = whose.split("/");
    return say(pointTable(pointsOf(points, `${project}/${other}`), [service!]));
  }
  const point = choosePoint(points, wanted);
  const plan = (await asDeployed(deployment, stack)).find((each) => each.name === name);
  if (!plan) throw new UserError(`${name} is not in the stack file`);
  if (!own && into !== undefined)
    throw new UserError(
      `--into takes the job of ${name}'s own backup, and it has none; leave --into out, which keeps its volume beside`,
    );
  // Its points are from before: the job of any other service can look at them.
  const looksFor = own ? {} : { of: { service: name, namespace: plan.namespace, identity: plan.identity } };
  if (into !== undefined)
    return restoreInto(
      kube,
      { name: into, plan, service: chosen!, point },
      (line) => line.startsWith("{") || say(line),
    );
  const from = { point: point.id, ...(of !== undefined && whose !== `${owner}/${name}` && { of: whose }) };
  const takenOf = await readTaken(kube);
  const batch = planBatch(stack, plan.claims, { kind: "restore", from }, takenOf);
  const command = applyCommand(deployment, options.context);
  await assertAllSettled(kube, batch, stack.planned, command);
  const inspect = taskOf(plan, point.id, whose, batch);
  const inspected = await progress.step(`looking at point ${shortPoint(point.id)}`, () =>
    look(kube, chosen!, { act: "inspect", inspect, ...looksFor }),
  );
  checkSizes(point, inspected, batch);
  const texts = textsOf(name, point, inspected, batch, { newer: newerThan(points, point), now: new Date() });
  await carryOutMoves(deployment, batch, texts, options, progress);
  say(restored(name, point, batch));
}

/** The services with the images that an update gives them, which on the local cluster aren't the file's. */
async function asDeployed(
  { overrides, target }: Deployment,
  { text, owner, planned }: StackState,
): Promise<ServicePlan[]> {
  if (!overrides) return planned.plan.services;
  return planOf(await localConfig(target.stack, text, overrides), owner).plan.services;
}

type Batch = ReturnType<typeof planBatch>;

/** What the point has to fit to, as the restore's own job is told it. */
function taskOf({ engine }: ServicePlan, point: string, of: string, { moves }: Batch): InspectTask {
  return {
    point,
    of,
    volumes: moves.map(({ before }) => plainVolume(before)),
    keys: [...new Set(moves.flatMap(({ after }) => after.move?.restore?.keys ?? []))],
    ...(engine && { engine }),
  };
}

async function look(kube: Kube, service: BackedUpService, job: Job & { inspect: InspectTask }): Promise<Inspected> {
  const lines = await printedBy(kube, service, job);
  const found = lines.find((line) => line.startsWith(inspectedPrefix));
  if (found === undefined) throw new UserError(`the job said nothing of point ${shortPoint(job.inspect.point)}`);
  return JSON.parse(found.slice(inspectedPrefix.length)) as Inspected;
}

/** What the service's backup job prints. Throws a UserError with its reason where it fails. */
async function printedBy(kube: Kube, [, { backup }]: BackedUpService, job: Job): Promise<string[]> {
  const { lines, failed } = await linesOf(kube, backup, job, say);
  if (failed !== undefined) throw new UserError(`${failed}. Nothing was changed`);
  return lines;
}
