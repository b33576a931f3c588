// @ts-check

/** @import { Move } from "../model/mover.js" */

/** Where in the API a move's objects are. @param {Move} move */
export function pathsOf({ namespace, workload, job }) {
  const core = `/api/v1/namespaces/${namespace}`;
  const workloads = `/apis/apps/v1/namespaces/${namespace}/${workload.kind.toLowerCase()}s`;
  return {
    workloads,
    workload: `${workloads}/${workload.name}`,
    job: `/apis/batch/v1/namespaces/${namespace}/jobs/${job}`,
    pods: `${core}/pods`,
    pod: (/** @type {string} */ name) => `${core}/pods/${name}`,
    log: (/** @type {string} */ name) => `${core}/pods/${name}/log?tailLines=1`,
    claim: (/** @type {string} */ name) => `${core}/persistentvolumeclaims/${name}`,
    warnings: (/** @type {string} */ name) =>
      `${core}/events?fieldSelector=${encodeURIComponent(`involvedObject.name=${name},type=Warning`)}`,
  };
}

/** On the workload while it moves: the job's name. */
export const movingAnnotation = "cluster-storage/moving";

/** On the target claim: what was copied, checked, and when. */
export const movedAnnotation = "cluster-storage/moved";

/** On the source claim: where its data is in use now. */
export const movedToAnnotation = "cluster-storage/moved-to";

/** On the target claim from the end of the copy to the end of the switch: the uid of the claim that it is a copy of. */
export const copyingAnnotation = "cluster-storage/copying";

/**
 * On a claim of the move while its workload could be lost or have to go back: the old one's manifest. On the target's
 * claim while a StatefulSet is made anew, on the source's of a spill until the service runs.
 */
export const workloadAnnotation = "cluster-storage/workload";

/** On what the job makes: which stack it belongs to. */
export const stackAnnotation = "cluster-storage/stack";
