import type { LiveObject } from "./types";

/** What an object of the cluster is, in a few words. */
export function describe({ kind, status, spec }: LiveObject): string {
  if (kind === "PersistentVolumeClaim")
    return [status?.phase, spec?.resources?.requests?.storage, spec?.storageClassName].filter(Boolean).join(", ");
  if (kind === "Deployment" || kind === "StatefulSet")
    return `${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1} pods ready`;
  return "is there";
}
