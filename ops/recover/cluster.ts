import type { KubernetesObject } from "@kubernetes/client-node";
import pLimit from "p-limit";
import { errorCode, ifFound, type Kube } from "../../kube/client";
import { createdOf } from "../../kube/read/objects";
import { newClusterCommand } from "../../model/recover-command";
import { UserError } from "../../model/user-error";
import { deployedTo, type StateObject } from "../pulumi/objects";
import type { Stack } from "../pulumi/stack";
import type { Deployment } from "../pulumi/state";

/** Which cluster a context leads to: the uid of its kube-system namespace, and when the cluster was made. */
export interface ClusterIdentity {
  uid: string;
  made?: string;
}

/** Undefined where the namespace may not be read. */
export async function identify({ core }: Pick<Kube, "core">): Promise<ClusterIdentity | undefined> {
  try {
    const item = await core.readNamespace({ name: "kube-system" });
    return { uid: item.metadata?.uid ?? "", made: createdOf(item as Parameters<typeof createdOf>[0]) };
  } catch (error) {
    if (errorCode(error) === 403) return undefined;
    throw error;
  }
}

/**
 * In another cluster than the state's, everything seems to be gone. Throws a UserError where the context leads to one.
 */
export async function assertSameCluster(
  kube: Pick<Kube, "core" | "context">,
  deployment: Deployment,
  stack: Pick<Stack, "name">,
): Promise<void> {
  const before = deployedTo(deployment);
  const found = before === undefined ? undefined : await identify(kube);
  if (found === undefined || found.uid === before) return;
  throw new UserError(
    `context "${kube.context}" leads to another cluster than the one that the last update of stack "${stack.name}" ` +
      `went to (kube-system ${found.uid}, not ${before}). Nothing was changed. Where the context or the kubeconfig ` +
      "is wrong, name the stack's cluster; where the cluster was made anew, its data is gone with the old one: " +
      newClusterCommand(stack.name),
  );
}

/** What a cluster has in the place of an object of the state. */
export interface Place {
  object: StateObject;
  /** Undefined: nothing of that kind and name. */
  live?: { uid: string; annotations: Record<string, string> };
}

/** Whether it is the very object that the state records; never for an object whose uid isn't known. */
export const isSame = ({ object, live }: Place): boolean => live !== undefined && live.uid === object.uid;

/** Reads every object of a state by its kind and name. Changes nothing. */
export async function lookUpObjects(kube: Pick<Kube, "objects">, objects: readonly StateObject[]): Promise<Place[]> {
  const limited = pLimit(8);
  return Promise.all(objects.map((object) => limited(() => lookUpObject(kube, object))));
}

async function lookUpObject({ objects }: Pick<Kube, "objects">, object: StateObject): Promise<Place> {
  const { apiVersion, kind, name, namespace = "" } = object;
  const found = await ifKnown(
    ifFound<KubernetesObject>(objects.read({ apiVersion, kind, metadata: { name, namespace } })),
  );
  const { uid, annotations = {} } = found?.metadata ?? {};
  return uid === undefined ? { object } : { object, live: { uid, annotations } };
}

/** A cluster without the kind has no object of it. The client library throws a plain Error then. */
async function ifKnown<T>(request: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Unrecognized API version and kind")) return undefined;
    throw error;
  }
}
