import { UserError } from "../errors";
import { assertReachable, type Kube } from "../kube/client";
import { exportState, importState, refresh, stackId, type Stack } from "../stack";
import { readCheckpoint, removeCutSideFile, restoreBackup } from "./checkpoint";
import { decide, needsLookup, pendingOperations, type Decision } from "./decide";
import { endMoves } from "./endMoves";
import { freeLocks } from "./freeLocks";
import { lookUp } from "./lookup";
import { unfinishedMoves } from "./moves";
import { claimsIn, resolvePending, type Deployment, type StateExport } from "./state";

export interface Recovery {
  /** Nothing was interrupted. */
  clean: boolean;
  /** URNs of objects that are in the way and not this stack's. */
  left: string[];
}

export interface RecoverOptions {
  /** Called for each line of what was found and done. */
  say: (line: string) => void;
  /** How long to wait for an update that still runs, in ms; default: not at all. */
  wait?: number;
  /** How long the job of a move may take to end, in ms; default: 5 min. */
  patience?: number;
}

/**
 * Makes a stack whose update was killed updatable again: frees dead locks, restores an unreadable state file,
 * records objects that were created but not recorded, forgets those that never came to be, and has services run again that
 * a move had stopped. Running it again changes nothing.
 * Throws a UserError, having changed nothing, while an update runs or may run.
 */
export async function recoverStack(stack: Stack, connect: () => Kube, options: RecoverOptions): Promise<Recovery> {
  const freed = stack.backend === undefined ? 0 : await freeLocks(stack, stack.backend, options);
  const restored = stack.backend === undefined ? false : await repairState(stack, stack.backend, options.say);
  const state = await interruptedState(stack);
  if (!state) return { clean: freed === 0 && !restored, left: [] };
  const decisions = await decideAll(stack, connect, state, options);
  await carryOut(stack, state, decisions, options.say);
  return { clean: false, left: decisions.filter(({ action }) => action === "leave").map(({ urn }) => urn) };
}

async function repairState({ project, name }: Stack, backend: string, say: (line: string) => void): Promise<boolean> {
  const checkpoint = await readCheckpoint(backend, project, name);
  if (checkpoint.status === "absent") return false;
  const done = checkpoint.status === "broken" ? await restoreBackup(checkpoint.file) : await removeCutSideFile(checkpoint.file);
  if (done !== undefined) say(done);
  return done !== undefined;
}

const isInterrupted = (deployment: Deployment) => pendingOperations(deployment).length > 0 || unfinishedMoves(deployment).length > 0;

/** The state where something in it was interrupted. A file backend is asked without starting the CLI. */
async function interruptedState(stack: Stack): Promise<StateExport | undefined> {
  if (stack.backend !== undefined) {
    const checkpoint = await readCheckpoint(stack.backend, stack.project, stack.name);
    if (checkpoint.status === "readable" && !isInterrupted(checkpoint.deployment)) return undefined;
    // Ours and never made: nothing can be pending. A user's own stack is the CLI's to look for.
    if (checkpoint.status === "absent" && stack.home !== stack.program) return undefined;
  }
  const state = await exportState(stack);
  return isInterrupted(state.deployment) ? state : undefined;
}

async function decideAll(stack: Stack, connect: () => Kube, { deployment }: StateExport, options: RecoverOptions): Promise<Decision[]> {
  const moves = unfinishedMoves(deployment);
  if (moves.length === 0 && !pendingOperations(deployment).some(needsLookup)) return decide(deployment, new Map(), stackId(stack));
  const kube = connect();
  await assertReachable(kube);
  // Services first: whatever becomes of the state, they run again.
  const { ended, complete } = await endMoves(kube, moves, stackId(stack), options);
  const facts = await lookUp(kube, deployment, ended);
  return [...decide(deployment, facts, stackId(stack)), ...recordedMoves(deployment, ended, "is gone"), ...recordedMoves(deployment, complete, "is complete by now")];
}

/** Those of the moves that the state records, but not as they are. */
function recordedMoves(deployment: Deployment, urns: readonly string[], why: string): Decision[] {
  const pending = pendingOperations(deployment).map(({ resource }) => resource.urn);
  return urns.filter((urn) => !pending.includes(urn)).map((urn) => ({ action: "refresh", urn, why }));
}

async function carryOut(stack: Stack, state: StateExport, decisions: readonly Decision[], say: (line: string) => void): Promise<void> {
  const adoptions = decisions.flatMap((decision) => (decision.action === "adopt" ? [decision.adoption] : []));
  const resolved = resolvePending(state, adoptions);
  await importState(stack, resolved);
  decisions.forEach((decision) => say(describe(decision)));
  const again = decisions.filter(({ action }) => action === "adopt" || action === "refresh").map(({ urn }) => urn);
  const deleted = pendingOperations(state.deployment).filter(({ type }) => type === "deleting").map(({ resource }) => resource.urn);
  if (again.length > 0) await refreshKeepingClaims(stack, resolved, again, deleted);
}

/**
 * A refresh drops what it doesn't find. A claim that goes missing that way would be made again, empty, by the next update:
 * rather put the state back and say so. `deleted`: those whose own deletion was under way, which may be gone.
 */
export async function refreshKeepingClaims(stack: Stack, before: StateExport, urns: readonly string[], deleted: readonly string[] = []): Promise<void> {
  await refresh(stack, urns);
  const after = new Set([...claimsIn(await exportState(stack)), ...deleted]);
  const gone = claimsIn(before).filter((urn) => !after.has(urn));
  if (gone.length === 0) return;
  await importState(stack, before);
  throw new UserError(
    `the cluster no longer has ${gone.map(shortName).join(", ")}, which the state records: put the state back as it was. ` +
      `Where the data is meant to be gone: pulumi refresh --stack ${stack.name}`,
  );
}

function describe({ action, urn, why }: Decision): string {
  const done = { adopt: "recorded in the state", clear: "pending operation dropped", refresh: "read again", leave: "NOT recorded and not touched" }[action];
  return `${shortName(urn)} ${why}: ${done}`;
}

/** `Namespace redis` of `urn:pulumi:dev::p::a$kubernetes:core/v1:Namespace::redis`. */
export function shortName(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split(":").pop()} ${name.join("::")}`;
}
