import { backendTypes } from "../../backends/catalogue";
import type { Progress } from "../../cluster/progress";
import type { ClaimPlan } from "../../plan/storage-types";
import { UserError } from "../errors";
import { assertReachable, describeApiError, type Kube } from "../kube/client";
import { devStack, projectName, readStackConfig } from "../project";
import { planOf, type StackPlan } from "../stackPlan";
import { carryOut } from "./carryOut";
import { decide } from "./decide";
import { applyCommand, type Deployment, findDeployment } from "./deployment";
import { label } from "./describe";
import { editMap, readMap } from "./edit";
import { argumentOf, entryPath } from "./find";
import { readLines } from "./lines";
import { assertNode, chooseRefuge, nodesOf, schedulable } from "./nodes";
import { listPlaces } from "./places";
import type { MoveOptions } from "./run";
import { assertSettled, readWorkload } from "./workload";

/** Moves every volume that is tied to a node to a backend that isn't, so that the node can be drained: one plan, one question. */
export async function moveOff({ off, to }: { off: string; to?: string }, options: MoveOptions, progress: Progress): Promise<void> {
  const stack = options.stack ?? devStack;
  const owner = { project: await projectName(), stack };
  const before = await readStackConfig(stack);
  const planned = planOf(before, owner);
  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  const { claims, others } = await tiedClaims(kube, off, planned).catch((error: unknown) => Promise.reject(describeApiError(error, kube, "reading nodes and volumes")));
  if (claims.length === 0) {
    process.stdout.write(`no service of stack "${stack}" has a volume that is tied to ${off}: nothing to move\n`);
    return;
  }
  const refuge = chooseRefuge(off, to, listPlaces(planned.config, backendTypes), others);
  await assertAllSettled(kube, claims, planned, deployment, options);

  let after = before;
  for (const claim of claims) {
    const path = entryPath(owner.project, claim.path);
    const { edit } = decide(argumentOf(claim), readLines(readMap(after, path)), { kind: "to", to: refuge }, listPlaces(planned.config, backendTypes));
    after = editMap(after, path, edit);
  }
  const moved = planOf(after, owner).plan.services.flatMap((service) => service.claims);
  const jobs = claims.flatMap(({ path, namespace }) => moved.filter((claim) => claim.path === path).flatMap(({ move }) => (move ? [{ namespace, job: move.job }] : [])));
  const kept = claims.map(label).join(", ");
  const notes = ["Each service is down while its data is copied and checked.", `What they leave stays on ${off} until npm run release names it: ${kept}.`];
  const question = `Move ${claims.map(argumentOf).join(", ")} to ${refuge}?`;
  await carryOut(deployment, { before, after, notes, question, jobs }, options, progress);
  process.stdout.write(`no service has its data on ${off} any more: kubectl drain ${off} --ignore-daemonsets --delete-emptydir-data\n`);
}

/** The stack's claims in use whose volume only this node can reach, and the other nodes that pods can go to. */
async function tiedClaims(kube: Kube, node: string, { plan }: StackPlan): Promise<{ claims: ClaimPlan[]; others: string[] }> {
  const [nodes, volumes] = await Promise.all([kube.core.listNode(), kube.core.listPersistentVolume()]);
  assertNode(node, nodes.items.map(({ metadata }) => metadata?.name ?? ""));
  const tied = volumes.items.filter((volume) => nodesOf(volume)?.every((name) => name === node)).map(({ spec }) => `${spec?.claimRef?.namespace}/${spec?.claimRef?.name}`);
  const claims = plan.services.flatMap((service) => service.claims).filter(({ namespace, name }) => tied.includes(`${namespace}/${name}`));
  return { claims, others: nodes.items.filter(schedulable).map(({ metadata }) => metadata?.name ?? "").filter((name) => name !== node) };
}

async function assertAllSettled(kube: Kube, claims: readonly ClaimPlan[], { plan }: StackPlan, deployment: Deployment, options: MoveOptions): Promise<void> {
  for (const claim of claims) {
    const service = plan.services.find(({ name }) => name === claim.service);
    if (!service) throw new UserError(`${argumentOf(claim)} has no service`);
    assertSettled(argumentOf(claim), claim, await readWorkload(kube, service), { command: applyCommand(deployment, options.context), run: service.run });
  }
}
