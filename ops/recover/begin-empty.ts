import type { DataTrouble } from "../../model/data-state";
import { UserError } from "../../model/user-error";
import type { Kube } from "../../kube/client";
import { listClaims, listVolumes } from "../../kube/look-up";
import { knownTrouble } from "../../plan/known-claims";
import { assertSameCluster } from "./cluster";
import { isService, knownClaims } from "../pulumi/known-claims";
import { assertUnchanged, replaceState } from "../pulumi/replace-state";
import { exportState, refresh, type Stack } from "../pulumi/stack";
import type { Deployment, StateExport } from "../pulumi/state";

/** A claim that the last update knew and that is no longer what it was. */
interface Given {
  /** `namespace/name`. */
  id: string;
  kind: DataTrouble["kind"];
}

/**
 * Gives up what the claims of a service held, where it is gone: the next update makes a claim that is gone anew, empty,
 * and takes one that was made anew as it is. Deletes nothing. Throws a UserError where a claim or a volume of the
 * service still has its data, or where nothing of it is gone.
 */
export async function beginEmpty(
  stack: Stack,
  kube: Pick<Kube, "core" | "context">,
  service: string,
  say: (line: string) => void,
): Promise<void> {
  const state = await exportState(stack);
  await assertSameCluster(kube, state.deployment, stack);
  const known = claimsOf(state.deployment, service);
  const [claims, volumes] = [await listClaims(kube), await listVolumes(kube)];
  const given = Object.entries(known).flatMap(([id, uid]): Given[] => {
    const [namespace = "", name = ""] = id.split("/");
    const claim = claims.find((each) => each.namespace === namespace && each.name === name);
    if (claim?.uid === uid) return [];
    const waiting = volumes.find((volume) => volume.claim === id && volume.claimUid === uid);
    if (waiting)
      throw new UserError(
        `volume ${waiting.name} still has the data of claim ${name} in namespace ${namespace}, so ${service} ` +
          "need not begin empty: npm run adopt brings it back. Nothing was changed.",
      );
    const trouble = knownTrouble({ namespace, name, service, size: "0" }, claim, { claims, volumes, known });
    return trouble ? [{ id, kind: trouble.kind }] : [];
  });
  if (given.length === 0)
    throw new UserError(
      `every claim of ${service} is as the last update left it, so there is nothing to give up. Nothing was changed.`,
    );
  await forget(stack, state, service, given);
  for (const { id, kind } of given)
    say(
      kind === "gone"
        ? `the next pulumi up makes claim ${id} anew, with an empty volume`
        : `the next pulumi up takes claim ${id} as it is now`,
    );
}

/** First the objects and then the record: a run that is killed between the two can be run again. */
async function forget(stack: Stack, state: StateExport, service: string, given: readonly Given[]): Promise<void> {
  const gone = given.filter(({ kind }) => kind === "gone").map(({ id }) => id);
  const urns = (state.deployment.resources ?? [])
    .filter(({ type, id = "" }) => type === "kubernetes:core/v1:PersistentVolumeClaim" && gone.includes(id))
    .map(({ urn }) => urn);
  await assertUnchanged(stack, state);
  if (urns.length > 0) await refresh(stack, urns);
  const now = await exportState(stack);
  const ids = given.map(({ id }) => id);
  await replaceState(stack, now, { ...now, deployment: withoutClaims(now.deployment, service, ids) });
}

/**
 * The claims that a service had after the last update, with their uids.
 * @throws UserError where the stack has no such service
 */
function claimsOf(deployment: Deployment, service: string): Record<string, string> {
  const all = knownClaims(deployment);
  const names = [...all.keys()].sort().join(", ");
  const known = all.get(service);
  if (known) return known;
  throw new UserError(`the stack has no service "${service}"; it has ${names || "none"}. Nothing was changed.`);
}

/** The state without the record of these claims. Pure; exported for its test. */
export function withoutClaims(deployment: Deployment, service: string, ids: readonly string[]): Deployment {
  const resources = (deployment.resources ?? []).map((resource) => {
    if (!isService(resource, service)) return resource;
    const claims = Object.entries((resource.outputs?.claims ?? {}) as Record<string, string>);
    const left = Object.fromEntries(claims.filter(([id]) => !ids.includes(id)));
    return { ...resource, outputs: { ...resource.outputs, claims: left } };
  });
  return { ...deployment, resources };
}
