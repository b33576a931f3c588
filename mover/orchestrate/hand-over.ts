import { ApiError, fieldManager } from "../wire/api";
import type { Context } from "./context";

const tries = 5;

/**
 * Gives up the mover's ownership of the workload's fields. The API server lets nobody remove a field that another
 * manager has set too, so it would refuse an update that gives the volume another source. `annotations`: those to
 * remove as well.
 */
export async function handOver({ api, paths }: Context, annotations: Record<string, null>): Promise<void> {
  for (let left = tries; ; left--) {
    const workload = await api.find(paths.workload);
    if (!workload) return;
    const { resourceVersion, managedFields = [] } = workload.metadata;
    const others = managedFields.filter(({ manager }) => manager !== fieldManager);
    if (others.length === managedFields.length && Object.keys(annotations).length === 0) return;
    try {
      await api.patch(paths.workload, {
        metadata: { resourceVersion, annotations, ...(others.length > 0 && { managedFields: others }) },
      });
      return;
    } catch (error) {
      // The workload's controllers write it too, so a conflict is tried again.
      if (!(error instanceof ApiError && error.status === 409) || left <= 1) throw error;
    }
  }
}
