import type { types } from "@pulumi/kubernetes";
import type { Identity, Resources } from "../model/container";
import { amount } from "../model/quantity";

type PodSpec = types.input.core.v1.PodSpec;

/** What Pod Security `restricted` asks of a pod that runs as one user. */
function podSecurity({ uid, gid }: Identity): types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    // Otherwise each start changes all files, and makes those readable for the group that a service keeps private.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What Pod Security `restricted` asks of a container. */
export function containerSecurity(readOnlyRoot: boolean): types.input.core.v1.SecurityContext {
  return { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: readOnlyRoot };
}

/**
 * What every pod of ours has. It gets no token, and no variables of neighbouring services, because some programs take
 * those for settings.
 */
export function podDefaults(identity: Identity): Partial<PodSpec> {
  return { automountServiceAccountToken: false, enableServiceLinks: false, securityContext: podSecurity(identity) };
}

/** The room for logs and temporary files, in bytes. */
const spare = 2 * 1024 ** 3;
const mebibyte = 1024 ** 2;

/**
 * Amounts with room for logs and temporary files. The limit keeps these from filling the node's disk. `directories`:
 * the sizes of the directories of the pod that hold data, which count towards the same limit.
 */
export function resources(
  { requests, limits }: Resources,
  directories: readonly string[] = [],
): types.input.core.v1.ResourceRequirements {
  const room = spare + directories.reduce((sum, size) => sum + amount(size), 0);
  const limit = room % 2 ** 30 === 0 ? `${room / 2 ** 30}Gi` : `${Math.ceil(room / mebibyte)}Mi`;
  return {
    requests: { ...requests, "ephemeral-storage": "64Mi" },
    limits: { ...limits, "ephemeral-storage": limit },
  } as types.input.core.v1.ResourceRequirements;
}
