import { UserError } from "../../model/user-error";
import type { Kube } from "../../kube/client";
import { shortName } from "../pulumi/urn";
import { refreshKeepingClaims } from "../recover/run";
import { assertUnchanged, replaceState } from "../pulumi/replace-state";
import { exportState, stackId, type Stack } from "../pulumi/stack";
import { pickCredentials, wantedCredentials } from "./credentials";
import { nameOf } from "./claims";
import { refuseCopies } from "./copies";
import { decideAdoption } from "./decide";
import { gatherFacts } from "./facts";
import { remove, takeOver } from "./take-over";
import { serviceOf } from "./config-path";
import { harmful, previewAdopting, readable, recorded, toCreate } from "./wanted";
import { giveBackNotes, letGoOfClaims, startAgain } from "./carry-out-rescue";
import { decideLost, decideRescues, isRescue, isResume } from "./rescue";
import { claimType, jobType, type StateExport } from "../pulumi/state";
import { forgetCluster, recordAdopted, type Adopted } from "./record";
import { lookAtClaims } from "./look-at-claims";
import { describeFaults, idOf } from "./print";
import type { Credential, Planned, Verdict } from "./types";
import { restoreClaim } from "./restore-claim";

/** What would be done, and the resources on which that is based. */
export interface AdoptionPlan {
  planned: Planned[];
  verdicts: Verdict[];
  credentials: Credential[];
  /** The state that all of it goes by. */
  state: StateExport;
}

/** Finds out what the cluster has of what the program wants, and decides what to do about it. Changes nothing. */
export async function planAdoption(stack: Stack, kube: Kube): Promise<AdoptionPlan> {
  const steps = await previewAdopting(stack);
  refuseHarm(harmful(steps), "the next update would already take away");
  const state = await exportState(stack);
  const [planned, claims] = [toCreate(steps), recorded(state, "core/v1:PersistentVolumeClaim")];
  const workloads = readable(
    [...recorded(state, "apps/v1:Deployment"), ...recorded(state, "apps/v1:StatefulSet")],
    steps,
  );
  const facts = await lookAtClaims(kube, planned, await gatherFacts(kube, planned, [...claims, ...workloads]), stack);
  const rescues = decideRescues(
    [...planned.filter(({ type }) => type === claimType), ...claims],
    [...planned.filter(({ type }) => type.startsWith("kubernetes:apps/")), ...workloads],
    facts,
    stackId(stack),
  );
  const others = (resource: Planned) =>
    !rescues.some(({ urn, kind }) => urn === resource.urn && kind === "PersistentVolumeClaim");
  const lost = decideLost(workloads, facts);
  const decided = [
    ...rescues,
    ...lost,
    ...decideAdoption(planned.filter(others), [...claims.filter(others), ...workloads], facts, stackId(stack)),
  ];
  const held = new Set(
    [...planned, ...claims]
      .filter(({ urn }) => decided.some((verdict) => verdict.urn === urn && verdict.kind === "PersistentVolumeClaim"))
      .map(serviceOf),
  );
  const { found, faults } = pickCredentials(wantedCredentials(planned, facts.live), facts.secrets, held);
  const missing = faults.map(({ wanted: { urn, service, namespace }, fault }): Verdict => ({
    urn,
    kind: "Secret",
    namespace,
    name: service,
    found: "nothing",
    action: "refuse",
    faults: [fault],
  }));
  // A job that stays as it is has no step.
  const same = recorded(state, "batch/v1:Job").filter(({ urn }) => !steps.some((step) => step.urn === urn));
  const jobs = [...steps.flatMap(({ newState }) => (newState?.type === jobType ? [newState] : [])), ...same];
  const copies = refuseCopies(jobs, [...planned, ...claims], facts);
  return {
    planned: [...planned, ...claims, ...recorded(state, "core/v1:Namespace")],
    verdicts: [...decided, ...missing, ...copies],
    credentials: found,
    state,
  };
}

/**
 * Takes over what the plan says. If it is killed at any moment, running it again continues from there.
 * Throws a UserError and puts the state back if the next update would replace or delete what was taken over.
 */
export async function carryOutAdoption(
  stack: Stack,
  kube: Kube,
  plan: AdoptionPlan,
  say: (line: string) => void,
): Promise<void> {
  // A person may take long to answer, and another may update the stack meanwhile.
  await assertUnchanged(stack, plan.state);
  const rescued = plan.verdicts.filter(isRescue);
  await letGoOfClaims(kube, rescued, say);
  const restored = [...plan.verdicts.filter((verdict) => verdict.action === "restore"), ...rescued];
  for (const { urn, volume, ...claim } of restored) {
    const resource = plan.planned.find((planned) => planned.urn === urn);
    if (!resource) throw new Error(`nobody planned ${urn}`);
    const namespace = plan.planned.find(
      ({ type, inputs }) =>
        type === "kubernetes:core/v1:Namespace" &&
        (inputs?.metadata as { name?: string }).name === nameOf(resource).namespace,
    );
    await restoreClaim(kube, resource, volume, namespace);
    await giveBackNotes(kube, claim.namespace ?? "", claim.name);
    say(`claim ${idOf(claim)} is back on its volume ${volume}`);
  }
  // The restored claims exist now, so they are taken over like the rest.
  const current = restored.length > 0 ? await planAdoption(stack, kube) : plan;
  for (const resumed of current.verdicts.filter(isResume)) {
    await startAgain(kube, resumed);
    say(`${resumed.kind} ${idOf(resumed)} is started again`);
  }
  if (
    restored.length > 0 ||
    current.credentials.length > 0 ||
    current.verdicts.some(({ action }) => action === "adopt")
  )
    await record(
      stack,
      kube,
      current,
      restored.map(({ urn }) => urn),
      say,
    );
  const faults = restored.length > 0 ? describeFaults(current.verdicts) : [];
  if (faults.length > 0)
    throw new UserError(
      `the claims above are back on their volumes, and this was not taken over:\n` +
        faults.map((fault) => `- ${fault}`).join("\n"),
    );
  const lost = current.verdicts.filter(({ action }) => action === "forget");
  // With restored claims everything was read again by now.
  if (lost.length > 0 && restored.length === 0) await refreshKeepingClaims(stack, await exportState(stack), []);
  for (const workload of lost) say(`${workload.kind} ${idOf(workload)} is dropped from the state`);
  for (const verdict of current.verdicts) {
    if (verdict.action !== "replace") continue;
    await remove(kube, verdict.live);
    say(`${verdict.kind} ${idOf(verdict)} deleted: the next update makes it anew`);
  }
}

async function record(
  stack: Stack,
  kube: Kube,
  { planned, verdicts, credentials, state: before }: AdoptionPlan,
  restored: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const adopted: Adopted[] = [];
  for (const verdict of verdicts) {
    const resource = planned.find(({ urn }) => urn === verdict.urn);
    if (verdict.action !== "adopt" || !resource) continue;
    adopted.push({
      planned: resource,
      live: verdict.live,
      fieldManager: await takeOver(kube, resource, verdict.live, stackId(stack)),
    });
  }
  const after = recordAdopted(
    restored.length > 0 ? forgetCluster(before) : before,
    planned,
    adopted,
    credentials,
    stackId(stack),
  );
  await replaceState(stack, before, after);
  const urns = new Set([...adopted.map((one) => one.planned.urn), ...restored]);
  // A cluster that lost claims lost other objects too. Without targets the refresh reads everything, and the next
  // update creates what is gone.
  const left =
    urns.size > 0
      ? await refreshKeepingClaims(stack, after, restored.length > 0 ? [] : [...urns])
      : await exportState(stack);
  try {
    refuseHarm(harmful(await previewAdopting(stack), urns), "the next update would take away");
  } catch (error) {
    await replaceState(stack, left, before);
    throw error;
  }
  say(
    "recorded in the stack's " +
      `state: ${urns.size} ${urns.size === 1 ? "object" : "objects"}, ${credentials.length} ` +
      `generated ${credentials.length === 1 ? "value" : "values"}; the next update changes them in place`,
  );
}

function refuseHarm(urns: readonly string[], what: string): void {
  if (urns.length === 0) return;
  throw new UserError(
    `${what} ${urns.map(shortName).join(", ")}: nothing was taken over; pulumi preview --diff shows why`,
  );
}
