// @ts-check
import { ApiError, fieldManager } from "./api.mjs";

/** @import { Context } from "./context.mjs" */

const tries = 5;

/**
 * Leaves the workload to who declares it: the API server lets nobody take away what another has set too, and an update
 * that gives the volume another source would be refused. `annotations`: to be changed with it.
 * @param {Context} context @param {Record<string, null>} annotations
 */
export async function handOver({ api, paths }, annotations) {
  for (let left = tries; ; left--) {
    const workload = await api.find(paths.workload);
    if (!workload) return;
    const { resourceVersion, managedFields = [] } = workload.metadata;
    const others = managedFields.filter((/** @type {{ manager?: string }} */ { manager }) => manager !== fieldManager);
    if (others.length === managedFields.length && Object.keys(annotations).length === 0) return;
    try {
      await api.patch(paths.workload, {
        metadata: { resourceVersion, annotations, ...(others.length > 0 && { managedFields: others }) },
      });
      return;
    } catch (error) {
      // Its controllers write too.
      if (!(error instanceof ApiError && error.status === 409) || left <= 1) throw error;
    }
  }
}
