/** What is done in the cluster when a stack's storage goes: the words between the program and `ops/at-destroy/`. */

/** The variable that the command gets its task by, as JSON. */
export const taskVariable = "CLUSTER_STORAGE_AT_DESTROY";

interface InCluster {
  context: string;
  kubeconfig?: string;
}

/** Waits until those volumes of these classes are deleted whose claims are gone. */
export interface AwaitVolumes extends InCluster {
  task: "await-volumes";
  classes: string[];
}

/** Gives these classes, from which the stack took it, their default flag again. */
export interface GiveBackDefault extends InCluster {
  task: "give-back-default";
  classes: string[];
}

export type AtDestroy = AwaitVolumes | GiveBackDefault;
