import type { Owner } from "./plan";

/** Which stack an object belongs to. Recovery and status use it. */
export const stackAnnotation = "cluster-storage/stack";

/** On a pod's template: the checksum of its secrets, which replaces the pod when one of them changes. */
export const checksumAnnotation = "cluster-storage/secrets";

/** Velero's own label, with the value "true": it leaves the object out of its backups. */
export const notForVeleroLabel = "velero.io/exclude-from-backup";

/** On a claim that the config allows to be deleted with its service. */
export const unprotectedAnnotation = "cluster-storage/unprotected";

/** On the workload while it moves: the job's name. */
export const movingAnnotation = "cluster-storage/moving";

/** On the target claim: what was copied and checked, and when. */
export const movedAnnotation = "cluster-storage/moved";

/** On the source claim: where its data is in use now. */
export const movedToAnnotation = "cluster-storage/moved-to";

/** On the target claim from the end of the copy to the end of the switch: the uid of the claim that it is a copy of. */
export const copyingAnnotation = "cluster-storage/copying";

/** On a move's source claim, by a person: the volume is meant to hold as few files as this number says. */
export const enoughFilesAnnotation = "cluster-storage/enough-files";

/**
 * On a claim of the move: the old workload's manifest, kept while the workload could be lost or may have to go back. It
 * is on the target's claim while a StatefulSet is recreated, and on a spill's source claim until the service runs.
 */
export const workloadAnnotation = "cluster-storage/workload";

/** On a volume whose release has begun: whose it is, and the uid of the claim that is deleted. */
export const releasingAnnotation = "cluster-storage/releasing";

/** On a claim that is filled from the newest point before its service starts: `newest`. */
export const fillAnnotation = "cluster-storage/fill";

/** On a workload that `npm run adopt` has stopped to make its claims again: how many pods it had. */
export const stoppedAnnotation = "cluster-storage/stopped-for-adopt";

/** On a volume whose claim is made again: the annotations of the lost claim that say what was done with its data. */
export const claimNotesAnnotation = "cluster-storage/notes-of-claim";

/** On a class whose default flag this program switched off: by which stack. */
export const switchedOffAnnotation = "cluster-storage/default-switched-off-by";

/** On a claim: the engine that has written to it last, as JSON (`Written`). It stays when the workload goes. */
export const writtenByAnnotation = "cluster-storage/written-by";

/**
 * On a claim whose volume is tied to a node: which one. Kubernetes' scheduler writes it, or uses the value that is
 * already there.
 */
export const selectedNodeAnnotation = "volume.kubernetes.io/selected-node";

export const ownerName = ({ project, stack }: Owner) => `${project}/${stack}`;

const instanceLabel = ({ project, stack }: Owner) => `${project}-${stack}`;

export interface Metadata {
  name: string;
  namespace?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/**
 * Name, recommended labels and the owner's mark of an object that belongs to `app` and plays
 * the part `component` in it.
 */
export function metadata(owner: Owner, app: string, component: string, name: string, namespace?: string): Metadata {
  return {
    name,
    ...(namespace ? { namespace } : {}),
    labels: labels(owner, app, component),
    annotations: { [stackAnnotation]: ownerName(owner) },
  };
}

export function labels(owner: Owner, app: string, component: string): Record<string, string> {
  return {
    ...selector(app),
    ...stackLabels(owner),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": owner.project,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** What all objects of a stack have, and no other stack's. */
export const stackLabels = (owner: Owner) => ({ "app.kubernetes.io/instance": instanceLabel(owner) });

/** What selects an app's pods. Kubernetes fixes selectors at creation, so this contains nothing that may change. */
export const selector = (app: string) => ({ "app.kubernetes.io/name": app });
