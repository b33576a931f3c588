import { z } from "zod";
import { apiReason, assertReachable, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { listClasses, listVolumes } from "../../kube/look-up";
import { stackAnnotation, switchedOffAnnotation } from "../../model/metadata";
import { count } from "../../model/quantity";
import { UserError } from "../../model/user-error";
import { objectName, objectsOf, type StateObject } from "../pulumi/objects";
import { exportState, pulumi, stackId, type Stack } from "../pulumi/stack";
import type { Deployment, StateExport } from "../pulumi/state";
import { assertSameCluster, lookUpObjects } from "../recover/cluster";
import { pendingOperations } from "../recover/decide";
import { unfinishedMoves } from "../recover/moves";
import { noteRelease } from "../release/volume";
import { decideRename } from "./decide";

/**
 * Gives what a renamed stack has in the cluster the mark of its name now. `name`: the name before, as `stack` or
 * `project/stack`. Only metadata changes. Can be run again after it was killed. Throws a UserError where the objects
 * aren't proven to be the state's own; nothing was changed then.
 */
export async function takeOverRenamed(
  stack: Stack,
  kube: Kube,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  const [from, to] = [markOf(stack, name), stackId(stack)];
  await assertReachable(kube);
  const { deployment } = await exportState(stack);
  await assertSameCluster(kube, deployment, stack);
  const decision = decideRename({
    from,
    to,
    places: await lookUpObjects(kube, objectsOf(deployment)),
    other: from === to ? undefined : await uidsOfOther(stack, from),
    interrupted: pendingOperations(deployment).length + unfinishedMoves(deployment).length > 0,
    context: kube.context,
  });
  if (decision.faults.length > 0)
    throw new UserError(["nothing was taken over, because:", ...decision.faults.map((one) => `- ${one}`)].join("\n"));
  await takeClasses(kube, deployment, from, to);
  await takeNotes(kube, deployment, from, to);
  await takeObjects(kube, decision.take, to);
  if (decision.gone.length > 0)
    say(
      `not in the cluster, and left as it is in the state: ${decision.gone.map(objectName).join(", ")}; the next ` +
        "pulumi preview says what that means",
    );
  if (decision.take.length === 0) {
    say(`every object of stack "${stack.name}" bears the mark of ${to} already, so there was nothing to take over`);
    return;
  }
  say(
    `${count(decision.take.length, "object")} of the state, found by uid, had the mark of ${from} and now have that ` +
      `of ${to}; nothing else was changed, and nothing restarted`,
  );
  say(
    "the next pulumi up writes the new name into the labels of the pods as well: each service restarts once, on its " +
      "data",
  );
}

/** The mark of an earlier name: `project/stack`, or only the stack where the project is still the same. */
export function markOf({ project }: Pick<Stack, "project">, name: string): string {
  const parts = name.split("/");
  if (parts.length > 2 || parts.some((part) => part === ""))
    throw new UserError(
      `--renamed-from ${name} is neither a stack (old) nor a project and a stack (project/old). Nothing was changed.`,
    );
  return parts.length === 2 ? name : `${project}/${name}`;
}

const listed = z.array(z.object({ name: z.string() }));

/** The uids in the state of a stack that has the earlier name now; undefined where there is none. */
async function uidsOfOther(stack: Stack, mark: string): Promise<ReadonlySet<string> | undefined> {
  const names = listed.parse(JSON.parse(await pulumi(stack, ["stack", "ls", "--all", "--json"])));
  const other = names.find(({ name }) => name === mark.split("/")[1] && mark.startsWith(`${stack.project}/`));
  const elsewhere = names.find(({ name }) => name.endsWith(`/${mark}`));
  const found = other ?? elsewhere;
  if (!found) return undefined;
  const state = JSON.parse(await pulumi(stack, ["stack", "export", "--stack", found.name])) as StateExport;
  return uidsIn(state.deployment);
}

const uidsIn = (deployment: Deployment) => new Set(objectsOf(deployment).flatMap(({ uid }) => uid ?? []));

/** A class whose default flag the stack switched off is somebody else's; only the note of who did it changes. */
async function takeClasses(kube: Kube, { resources = [] }: Deployment, from: string, to: string): Promise<void> {
  const patched = resources
    .filter(({ type }) => type.endsWith(":StorageClassPatch"))
    .map(({ inputs }) => (inputs?.metadata as { name?: string } | undefined)?.name);
  const classes = await listClasses(kube);
  for (const { name } of classes.filter((one) => one.switchedOffBy === from && patched.includes(one.name)))
    await mark(kube, { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name }, { [switchedOffAnnotation]: to });
}

/** Notes of releases that were cut off, so that they can be finished under the new name. */
async function takeNotes(kube: Kube, deployment: Deployment, from: string, to: string): Promise<void> {
  const uids = uidsIn(deployment);
  for (const { name, releasing } of await listVolumes(kube))
    if (releasing?.stack === from && uids.has(releasing.claim))
      await noteRelease(kube, name, { ...releasing, stack: to });
}

async function takeObjects(kube: Kube, objects: readonly StateObject[], to: string): Promise<void> {
  for (const [done, object] of objects.entries())
    await mark(kube, object, { [stackAnnotation]: to }).catch((error: unknown) => {
      const reason = apiReason(error);
      if (reason === undefined) throw error;
      throw new UserError(
        `Kubernetes refused to mark ${objectName(object)} (${reason}); ${done} of ${objects.length} objects are ` +
          "taken over. Mend that, and run the same command again, which goes on from here",
      );
    });
}

/** With the uid, the API server refuses where another object has taken the name meanwhile. */
async function mark(
  kube: Kube,
  { apiVersion, kind, name, namespace, uid }: Pick<StateObject, "apiVersion" | "kind" | "name"> & Partial<StateObject>,
  annotations: Record<string, string>,
): Promise<void> {
  const object = { apiVersion, kind, metadata: { name, namespace, ...(uid && { uid }), annotations } };
  await mergePatch(kube, object, "pulumi-kubernetes");
}
