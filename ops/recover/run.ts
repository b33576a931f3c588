import * as os from "node:os";
import { UserError } from "../errors";
import { assertReachable, type Kube } from "../kube/client";
import { exportState, importState, refresh, stackId, type Stack } from "../stack";
import { readCheckpoint, removeCutSideFile, restoreBackup } from "./checkpoint";
import { decide, needsLookup, pendingOperations, type Decision } from "./decide";
import { judgeLock, readLocks, removeLock, type LockVerdict } from "./locks";
import { lookUp } from "./lookup";
import { findProcess } from "./process";
import { claimsIn, resolvePending, type StateExport } from "./state";

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
}

/**
 * Makes a stack whose update was killed updatable again: frees dead locks, restores an unreadable state file,
 * records objects that were created but not recorded, forgets those that never came to be. Running it again changes nothing.
 * Throws a UserError, having changed nothing, while an update runs or may run.
 */
export async function recoverStack(stack: Stack, connect: () => Kube, options: RecoverOptions): Promise<Recovery> {
  const freed = stack.backend === undefined ? 0 : await freeLocks(stack, stack.backend, options);
  const restored = stack.backend === undefined ? false : await repairState(stack, stack.backend, options.say);
  const state = await pendingState(stack);
  if (!state) return { clean: freed === 0 && !restored, left: [] };
  const decisions = await decideAll(stack, connect, state);
  await carryOut(stack, state, decisions, options.say);
  return { clean: false, left: decisions.filter(({ action }) => action === "leave").map(({ urn }) => urn) };
}

async function freeLocks(stack: Stack, backend: string, { say, wait = 0 }: RecoverOptions): Promise<number> {
  const deadline = Date.now() + wait;
  let verdicts = await judgeLocks(stack, backend);
  let told = false;
  for (let held = verdicts.find(({ free }) => !free); held; held = verdicts.find(({ free }) => !free)) {
    if (Date.now() >= deadline) throw new UserError(`stack "${stack.name}" is locked, nothing was changed: ${held.why}`);
    if (!told) say(`waiting for the update that has the stack: ${held.why}`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    verdicts = await judgeLocks(stack, backend);
  }
  for (const { lock, why } of verdicts) {
    await removeLock(lock);
    say(`freed the lock of ${lock.timestamp.toISOString()}: ${why}`);
  }
  return verdicts.length;
}

async function judgeLocks({ project, name }: Stack, backend: string): Promise<LockVerdict[]> {
  const locks = await readLocks(backend, project, name);
  return Promise.all(locks.map(async (lock) => judgeLock(lock, os.hostname(), await findProcess(lock.pid))));
}

async function repairState({ project, name }: Stack, backend: string, say: (line: string) => void): Promise<boolean> {
  const checkpoint = await readCheckpoint(backend, project, name);
  if (checkpoint.status === "absent") return false;
  const done = checkpoint.status === "broken" ? await restoreBackup(checkpoint.file) : await removeCutSideFile(checkpoint.file);
  if (done !== undefined) say(done);
  return done !== undefined;
}

/** The state where it has pending operations. A file backend is asked without starting the CLI. */
async function pendingState(stack: Stack): Promise<StateExport | undefined> {
  if (stack.backend !== undefined) {
    const checkpoint = await readCheckpoint(stack.backend, stack.project, stack.name);
    if (checkpoint.status === "readable" && pendingOperations(checkpoint.deployment).length === 0) return undefined;
    // Ours and never made: nothing can be pending. A user's own stack is the CLI's to look for.
    if (checkpoint.status === "absent" && stack.home !== stack.program) return undefined;
  }
  const state = await exportState(stack);
  return pendingOperations(state.deployment).length === 0 ? undefined : state;
}

async function decideAll(stack: Stack, connect: () => Kube, { deployment }: StateExport): Promise<Decision[]> {
  if (!pendingOperations(deployment).some(needsLookup)) return decide(deployment, new Map(), stackId(stack));
  const kube = connect();
  await assertReachable(kube);
  return decide(deployment, await lookUp(kube, deployment), stackId(stack));
}

async function carryOut(stack: Stack, state: StateExport, decisions: readonly Decision[], say: (line: string) => void): Promise<void> {
  const adoptions = decisions.flatMap((decision) => (decision.action === "adopt" ? [decision.adoption] : []));
  const resolved = resolvePending(state, adoptions);
  await importState(stack, resolved);
  decisions.forEach((decision) => say(describe(decision)));
  const again = decisions.filter(({ action }) => action === "adopt" || action === "refresh").map(({ urn }) => urn);
  if (again.length > 0) await refreshKeepingClaims(stack, resolved, again);
}

/**
 * A refresh drops what it doesn't find. A claim that goes missing that way would be made again, empty, by the next update:
 * rather put the state back and say so. A claim whose own deletion was under way isn't meant.
 */
async function refreshKeepingClaims(stack: Stack, before: StateExport, urns: readonly string[]): Promise<void> {
  await refresh(stack, urns);
  const after = new Set(claimsIn(await exportState(stack)));
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
function shortName(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split(":").pop()} ${name.join("::")}`;
}
