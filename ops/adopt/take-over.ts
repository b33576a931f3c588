import pRetry from "p-retry";
import { stackAnnotation } from "../../model/metadata";
import { errorCode, ifFound, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { deleteInForeground } from "../../kube/delete";
import { NotYet, waitFor } from "../terminal/wait";
import { handOver, pulumiManager } from "./managers";
import { newFieldManager } from "./record";
import { idOf } from "./print";
import type { LiveObject, Planned } from "./types";

/** Objects of these kinds keep what others have put into them. */
const sharedKinds = ["PersistentVolumeClaim", "Namespace", "Secret"];

/** How long a pod may take to stop, in ms. */
const patience = 15 * 60_000;

/**
 * Marks an object as the stack's, and hands its fields to the manager with which Pulumi will apply it. Returns that
 * manager's name. Only metadata changes, so no pod restarts.
 */
export async function takeOver(kube: Kube, planned: Planned, live: LiveObject, stack: string): Promise<string> {
  const own = live.metadata.annotations?.[stackAnnotation] === stack;
  const marked = own ? live : await patch(kube, live, { annotations: { [stackAnnotation]: stack } });
  const planOf = sharedKinds.includes(live.kind) ? planned.inputs : undefined;
  // A controller may change the object in between. Writing over its change would lose who owns which fields.
  return pRetry((attempt) => handFields(kube, marked, planOf, attempt > 1), {
    retries: 5,
    minTimeout: 200,
    shouldRetry: ({ error }) => errorCode(error) === 409,
  });
}

async function handFields(kube: Kube, seen: LiveObject, planned: object | undefined, again: boolean): Promise<string> {
  const {
    apiVersion,
    kind,
    metadata: { name, namespace = "" },
  } = seen;
  const live = again
    ? ({
        ...(await kube.objects.read({ apiVersion, kind, metadata: { name, namespace } })),
        apiVersion,
        kind,
      } as LiveObject)
    : seen;
  const manager = pulumiManager(live) ?? newFieldManager();
  const managedFields = handOver(live, manager, planned);
  if (managedFields) await patch(kube, live, { managedFields, resourceVersion: live.metadata.resourceVersion });
  return manager;
}

async function patch(
  kube: Kube,
  { apiVersion, kind, metadata: { name, namespace } }: LiveObject,
  metadata: object,
): Promise<LiveObject> {
  const object = { apiVersion, kind, metadata: { name, namespace, ...metadata } };
  const changed = await mergePatch(kube, object, "pulumi-kubernetes");
  return { ...changed, apiVersion, kind } as LiveObject;
}

/** Deletes exactly this object, including its pods if it has any, and waits until it is gone. */
export async function remove(kube: Kube, live: LiveObject): Promise<void> {
  const {
    apiVersion,
    kind,
    metadata: { name, namespace = "", uid },
  } = live;
  const at = { apiVersion, kind, metadata: { name, namespace } };
  await deleteInForeground(kube, at, uid);
  const look = async () => {
    if ((await ifFound(kube.objects.read(at)))?.metadata?.uid !== uid) return;
    throw new NotYet(
      `${kind} ${idOf(live.metadata)} is still there ${patience / 60_000} min after its deletion, because its pods ` +
        "don't stop; npm run adopt goes on from here",
    );
  };
  await waitFor(look, { patience, every: 500 });
}
