import type { Progress } from "../../local-cluster/progress";
import { assertReachable } from "../../kube/client";
import type { StackPlan } from "../pulumi/stack-plan";
import { nodeIn, type ClaimChange } from "./decide";
import { findDeployment } from "./deployment";
import { label } from "./describe";
import { argumentOf } from "./find";
import type { MoveOptions } from "./run";
import { assertAllSettled, moveAll, type Moves } from "./several";
import { assertTargetNode } from "./target-node";

/** One pod has all volumes of a service: those that are tied to a node leave it together, and return together. */
export async function moveService(
  moves: Moves,
  request: ClaimChange,
  planned: StackPlan,
  options: MoveOptions,
  progress: Progress,
): Promise<void> {
  const { claims, next } = moves;
  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  await assertTargetNode(kube, nodeIn(request));
  const asItWas = request.kind === "back" && request.asItWas;
  await assertAllSettled(kube, claims, planned, deployment, options, asItWas ? next : undefined);
  const route = asItWas
    ? "What was written since stays where it is."
    : "The data goes there over the network, and the service runs there from then on.";
  const kept = `${claims.map(label).join(", ")}: kept, untouched, until npm run release names them.`;
  await moveAll(moves, whereTo(request, asItWas), [route, kept], deployment, options, progress);
  process.stdout.write(`${claims.map(argumentOf).join(", ")}: moved. npm run release gives up what they left.\n`);
}

/** `node a`, `fast on node a`, or back. */
export function whereTo(request: ClaimChange, asItWas: boolean): string {
  const node = nodeIn(request);
  if (node === undefined) return `the volumes before${asItWas ? ", as they were" : ""}`;
  return request.kind === "to" ? `${request.to} on node ${node}` : `node ${node}`;
}
