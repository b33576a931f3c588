import { ApiError, fieldManager } from "../wire/api";
import type { Context } from "./context";

const tries = 5;

/**
 * Leaves the workload to whoever declares it. The API server lets nobody take away what another has set too, so an
 * update that gives the volume another source would be refused. `annotations`: to be removed with it.
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
      // The workload's controllers write too.
      if (!(error instanceof ApiError && error.status === 409) || left <= 1) throw error;
    }
  }
}
