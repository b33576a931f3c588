import { UserError } from "../../model/user-error";
import { assertReachable, type Kube } from "../../kube/client";
import { assertNotRenamed } from "../rename/interrupted";
import { replaceState } from "../pulumi/replace-state";
import { exportState, refresh, stackId, type Stack } from "../pulumi/stack";
import { assertSameCluster } from "./cluster";
import { readCheckpoint, removeCutSideFile, restoreBackup } from "../pulumi/checkpoint";
import { decideRecovery, needsLookup, pendingOperations, type Decision } from "./decide";
import { endMoves } from "./end-moves";
import { freeLocks } from "./free-locks";
import { isHelm, recoverHelm } from "./helm";
import { lookUp } from "./lookup";
import { makeAgain } from "./make-again";
import { whatGoesOn } from "./lone-plugins";
import { unfinishedMoves } from "./moves";
import { shortName } from "../pulumi/urn";
import { takenDown } from "./taken-down";
import { claimsIn, resolvePending, type Deployment, type StateExport } from "../pulumi/state";

export interface Recovery {
  /** True if nothing was interrupted. */
  clean: boolean;
  /** URNs of objects that are in the way and don't belong to this stack. */
  left: string[];
}

export interface RecoverOptions {
  /** Called for each line of what was found and done. */
  say: (line: string) => void;
  /** How long to wait for an update that still runs, in ms. By default it doesn't wait. */
  wait?: number;
  /** How long a move's job, or a deletion that is under way, may take to end, in ms; default: 5 min. */
  patience?: number;
}

/**
 * Makes a stack whose update was killed updatable again:
 * - It frees dead locks and restores an unreadable state file.
 * - It records objects that were created but not recorded, and forgets those that were never created.
 * - It starts services again that a move had stopped or that the update had taken down to make them anew.
 * Running it again changes nothing. While an update runs or may run, it throws a UserError and changes nothing.
 */
export async function recoverStack(stack: Stack, connect: () => Kube, options: RecoverOptions): Promise<Recovery> {
  const freed = stack.backend === undefined ? 0 : await freeLocks(stack, stack.backend, options);
  const restored = stack.backend === undefined ? false : await repairState(stack, stack.backend, options.say);
  const state = await interruptedState(stack);
  if (!state) return { clean: freed === 0 && !restored, left: [] };
  await awaitPlugins(stack, options);
  const decided = await decideAll(stack, connect, state, options);
  await writeDecisions(stack, state, decided, options.say);
  return { clean: false, left: decided.decisions.filter(({ action }) => action === "leave").map(({ urn }) => urn) };
}

/** A plugin that goes on alone would make what nobody looks for any more. */
async function awaitPlugins(stack: Stack, { wait = 0 }: RecoverOptions): Promise<void> {
  const why = await whatGoesOn(stack, wait);
  if (why !== undefined) throw new UserError(`stack "${stack.name}" is in use, nothing was changed: ${why}`);
}

async function repairState({ project, name }: Stack, backend: string, say: (line: string) => void): Promise<boolean> {
  const checkpoint = await readCheckpoint(backend, project, name);
  if (checkpoint.status === "absent") return false;
  const done =
    checkpoint.status === "broken" ? await restoreBackup(checkpoint.file) : await removeCutSideFile(checkpoint.file);
  if (done !== undefined) say(done);
  return done !== undefined;
}

const isInterrupted = (deployment: Deployment) =>
  pendingOperations(deployment).length > 0 ||
  unfinishedMoves(deployment).length > 0 ||
  takenDown(deployment).length > 0;

/** The state, if something in it was interrupted. A file backend is read without starting the CLI. */
async function interruptedState(stack: Stack): Promise<StateExport | undefined> {
  if (stack.backend !== undefined) {
    const checkpoint = await readCheckpoint(stack.backend, stack.project, stack.name);
    if (checkpoint.status === "readable" && !isInterrupted(checkpoint.deployment)) return undefined;
    // The stack is ours and was never created, so nothing can be pending. For a user's own stack, the CLI has to look.
    if (checkpoint.status === "absent" && stack.home !== stack.program) return undefined;
  }
  const state = await exportState(stack);
  return isInterrupted(state.deployment) ? state : undefined;
}

interface Decided {
  decisions: Decision[];
  /** URNs of the sets that were made again as the state has them. */
  made: string[];
}

async function decideAll(
  stack: Stack,
  connect: () => Kube,
  { deployment }: StateExport,
  options: RecoverOptions,
): Promise<Decided> {
  const [moves, sets] = [unfinishedMoves(deployment), takenDown(deployment)];
  if (moves.length + sets.length === 0 && !pendingOperations(deployment).some((one) => needsLookup(one) || isHelm(one)))
    return { decisions: decideRecovery(deployment, new Map(), stackId(stack)), made: [] };
  const kube = connect();
  await assertReachable(kube);
  await assertSameCluster(kube, deployment, stack);
  await assertNotRenamed(kube, deployment, stack);
  // Services come first, so that they run again whatever happens to the state.
  const { ended, complete } = await endMoves(kube, moves, deployment, stackId(stack), options);
  const facts = await lookUp(kube, deployment, ended);
  // If the update already created the new set, the service runs on that one.
  const made = await makeAgain(
    kube,
    sets.filter(({ urn }) => !facts.get(urn)?.found),
    stackId(stack),
    options,
  );
  const helm = await recoverHelm(kube, deployment, options.say);
  const decisions = decideRecovery(deployment, facts, stackId(stack)).map((one) => helm.get(one.urn) ?? one);
  const moved = [
    ...recordedMoves(deployment, ended, "is gone"),
    ...recordedMoves(deployment, complete, "is complete by now"),
  ];
  return { decisions: [...decisions, ...moved, ...readAgain(made, decisions)], made };
}

/** A set that was made again is a new object for the state, so it is read unless that is done anyway. */
function readAgain(made: readonly string[], decisions: readonly Decision[]): Decision[] {
  const read = decisions.filter(({ action }) => action === "refresh").map(({ urn }) => urn);
  return made
    .filter((urn) => !read.includes(urn))
    .map((urn) => ({ action: "refresh", urn, why: "is as it was before the update" }));
}

/** The moves that the state records, but not as they are now. */
function recordedMoves(deployment: Deployment, urns: readonly string[], why: string): Decision[] {
  const pending = pendingOperations(deployment).map(({ resource }) => resource.urn);
  return urns.filter((urn) => !pending.includes(urn)).map((urn) => ({ action: "refresh", urn, why }));
}

async function writeDecisions(
  stack: Stack,
  state: StateExport,
  { decisions, made }: Decided,
  say: (line: string) => void,
): Promise<void> {
  const adoptions = decisions.flatMap((decision) => (decision.action === "adopt" ? [decision.adoption] : []));
  const resolved = resolvePending(state, adoptions, made);
  await replaceState(stack, state, resolved);
  decisions.forEach((decision) => say(describe(decision)));
  const again = decisions.filter(({ action }) => action === "adopt" || action === "refresh").map(({ urn }) => urn);
  const deleted = pendingOperations(state.deployment)
    .filter(({ type }) => type === "deleting")
    .map(({ resource }) => resource.urn);
  if (again.length > 0) await refreshKeepingClaims(stack, resolved, again, deleted);
}

/**
 * A refresh drops what it doesn't find. The next update would make a claim that was dropped in this way again, empty.
 * The state is therefore put back, and an error says so.
 * `deleted`: claims whose deletion was under way, which may be gone. Returns the state as the refresh left it.
 */
export async function refreshKeepingClaims(
  stack: Stack,
  before: StateExport,
  urns: readonly string[],
  deleted: readonly string[] = [],
): Promise<StateExport> {
  await refresh(stack, urns);
  const now = await exportState(stack);
  const after = new Set([...claimsIn(now), ...deleted]);
  const gone = claimsIn(before).filter((urn) => !after.has(urn));
  if (gone.length === 0) return now;
  await replaceState(stack, now, before);
  throw new UserError(
    `the cluster no longer has ${gone.map(shortName).join(", ")}, which the state records; the state was put back ` +
      `as it was. Where the data is meant to be gone: pulumi refresh --stack ${stack.name}`,
  );
}

function describe({ action, urn, why }: Decision): string {
  const done = {
    adopt: "recorded in the state",
    clear: "pending operation dropped",
    refresh: "read again",
    leave: "NOT recorded and not touched",
  }[action];
  return `${shortName(urn)} ${why}: ${done}`;
}
