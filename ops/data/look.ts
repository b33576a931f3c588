import { errorCode, type Kube } from "../../kube/client";
import { listClaims, listVolumes } from "../../kube/look-up";
import { readClass } from "../../kube/read/classes";
import { readProvisioner } from "../../kube/read/provisioners";
import type { ClaimFacts } from "../../model/facts";
import { type Provisioning, whyPending } from "../../plan/pending";
import type { DataFacts } from "./troubles";

/** The claims of one namespace, or of all, and all volumes as the cluster has them, and why claims wait. */
export async function lookAtData(kube: Kube, namespace?: string): Promise<DataFacts> {
  const [claims, volumes] = await Promise.all([listClaims(kube, namespace), ifAllowed(listVolumes(kube))]);
  const waiting = claims.filter(({ phase, deleting }) => phase === "Pending" && !deleting);
  return { claims, volumes, pending: waiting.length > 0 ? await reasons(kube, waiting) : new Map() };
}

async function reasons(kube: Kube, waiting: readonly ClaimFacts[]): Promise<Map<string, string>> {
  const [classes, deployments, drivers, events] = await Promise.all([
    ifAllowed(kube.objects.list("storage.k8s.io/v1", "StorageClass")),
    ifAllowed(kube.apps.listDeploymentForAllNamespaces()),
    ifAllowed(kube.objects.list("storage.k8s.io/v1", "CSIDriver")),
    Promise.all(waiting.map((claim) => eventsOf(kube, claim))),
  ]);
  const provisioning: Provisioning = {
    classes: classes?.items.map((item) => readClass(item as Parameters<typeof readClass>[0])),
    provisioners: deployments?.items.flatMap(readProvisioner),
    drivers: drivers?.items.map(({ metadata }) => metadata?.name ?? ""),
  };
  return new Map(
    waiting.flatMap((claim, i) => {
      const why = whyPending(claim, provisioning, events[i] ?? []);
      return why === undefined ? [] : [[`${claim.namespace}/${claim.name}`, why] as const];
    }),
  );
}

async function eventsOf(kube: Kube, { namespace, uid }: ClaimFacts) {
  const fieldSelector = `involvedObject.kind=PersistentVolumeClaim,involvedObject.uid=${uid}`;
  const events = (await ifAllowed(kube.core.listNamespacedEvent({ namespace, fieldSelector })))?.items ?? [];
  const time = (event: (typeof events)[number]) =>
    new Date(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? 0).getTime();
  return events
    .toSorted((a, b) => time(b) - time(a))
    .map(({ reason = "event", message = "" }) => ({ reason, message }));
}

/** Undefined where the right to read it is missing. */
async function ifAllowed<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (errorCode(error) === 403) return undefined;
    throw error;
  }
}
