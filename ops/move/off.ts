import { backendTypes } from "../../backends/catalogue";
import type { Progress } from "../../local-cluster/progress";
import type { ClaimPlan } from "../../model/storage";
import { assertReachable, describeApiError, type Kube } from "../../kube/client";
import { devStack, projectName, readStackConfig } from "../pulumi/project";
import { planOf, type StackPlan } from "../pulumi/stack-plan";
import type { ClaimChange } from "./decide";
import { findDeployment } from "./deployment";
import { label } from "./describe";
import { assertNode, assertReadable, assertTakesPods, chooseRefuge, nodesOf, type Refuge, schedulable } from "./nodes";
import { listPlaces } from "./places";
import type { OffRequest } from "./request";
import type { MoveOptions } from "./run";
import { assertAllSettled, moveAll, writeMoves } from "./several";

/**
 * Moves every volume that is tied to a node to a backend that isn't, or to another node, so that the node can be
 * drained: one plan, one question.
 */
export async function moveOff(request: OffRequest, options: MoveOptions, progress: Progress): Promise<void> {
  const { off, node } = request;
  const stack = options.stack ?? devStack;
  const owner = { project: await projectName(), stack };
  const before = await readStackConfig(stack);
  const planned = planOf(before, owner);
  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  const { claims, others } = await tiedClaims(kube, off, node, planned).catch((error: unknown) =>
    Promise.reject(describeApiError(error, kube, "reading nodes and volumes")),
  );
  if (claims.length === 0) {
    process.stdout.write(`no service of stack "${stack}" has a volume that is tied to ${off}: nothing to move\n`);
    return;
  }
  const refuge = chooseRefuge(request, listPlaces(planned.config, backendTypes), others);
  await assertAllSettled(kube, claims, planned, deployment, options);
  const moves = writeMoves(before, owner, planned, claims, requestFor(refuge));
  const notes = [
    ...overTheNetwork(off, refuge),
    `What they leave stays on ${off} until npm run release names ` +
      `it: ${claims.map((claim) => label({ ...claim, node: undefined })).join(", ")}.`,
  ];
  await moveAll(moves, describeRefuge(refuge), notes, deployment, options, progress);
  process.stdout.write(`${doneWith(off, refuge)}\n`);
}

const requestFor = ({ to, node }: Refuge): ClaimChange =>
  to === undefined ? { kind: "node", node: node! } : { kind: "to", to, ...(node === undefined ? {} : { node }) };

/** `nfs`, `node worker-1`, `fast on node worker-1`. */
export const describeRefuge = ({ to, node }: Refuge) =>
  [to, node === undefined ? undefined : `node ${node}`].filter((part) => part !== undefined).join(" on ");

const overTheNetwork = (off: string, { node }: Refuge) =>
  node === undefined
    ? []
    : [
        `The data goes from node ${off} to node ${node} over the network, and the services run on ${node} ` +
          "from then on.",
      ];

/** What can be done now with the node. */
export function doneWith(off: string, { node }: Refuge): string {
  const where = node === undefined ? "" : `; it is on ${node}`;
  return (
    `no service has its data on ${off} any more${where}: kubectl drain ${off} --ignore-daemonsets ` +
    "--delete-emptydir-data"
  );
}

/**
 * The stack's claims in use whose volume only this node can reach, and the other nodes that pods can go to. `target`:
 * has to be one of them. Throws where what is there can't be read.
 */
async function tiedClaims(
  kube: Kube,
  node: string,
  target: string | undefined,
  { plan }: StackPlan,
): Promise<{ claims: ClaimPlan[]; others: string[] }> {
  const [nodes, volumes] = await Promise.all([kube.core.listNode(), kube.core.listPersistentVolume()]);
  assertNode(
    node,
    nodes.items.map(({ metadata }) => metadata?.name ?? ""),
  );
  if (target !== undefined) assertTakesPods(target, nodes.items);
  const tied = volumes.items
    .filter((volume) => nodesOf(volume)?.every((name) => name === node))
    .map(({ spec }) => `${spec?.claimRef?.namespace}/${spec?.claimRef?.name}`);
  const claims = plan.services
    .flatMap((service) => service.claims)
    .filter(({ namespace, name }) => tied.includes(`${namespace}/${name}`));
  if (claims.length > 0) assertReadable(node, nodes.items);
  return {
    claims,
    others: nodes.items
      .filter(schedulable)
      .map(({ metadata }) => metadata?.name ?? "")
      .filter((name) => name !== node),
  };
}
