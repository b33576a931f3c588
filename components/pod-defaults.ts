import type { types } from "@pulumi/kubernetes";
import type { Identity, Resources } from "../model/container";
import { ownAmounts } from "../plan/pod-room";

type PodSpec = types.input.core.v1.PodSpec;

/** Of a pod that has nobody's data. */
export const nobody: Identity = { uid: 65534, gid: 65534 };

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

/** Amounts with room for logs and temporary files. The limit keeps these from filling the node's disk. */
export function resources({ requests, limits }: Resources): types.input.core.v1.ResourceRequirements {
  return ownAmounts({ container: { resources: { requests, limits } }, claims: [] });
}
