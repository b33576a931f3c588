import type { types } from "@pulumi/kubernetes";
import type { Identity, Resources } from "../model/container";

type PodSpec = types.input.core.v1.PodSpec;

/** What Pod Security `restricted` asks of a pod, as one user. */
function podSecurity({ uid, gid }: Identity): types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    // Without it every start goes through all files, and opens those that a service keeps to itself.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

export function containerSecurity(readOnlyRoot: boolean): types.input.core.v1.SecurityContext {
  return { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: readOnlyRoot };
}

/**
 * What every pod of ours has: no token and no variables of neighbouring services, which some programs take for
 * settings.
 */
export function podDefaults(identity: Identity): Partial<PodSpec> {
  return { automountServiceAccountToken: false, enableServiceLinks: false, securityContext: podSecurity(identity) };
}

/** Amounts with room for logs and temporary files, which a limit keeps off the node's disk. */
export function resources({ requests, limits }: Resources): types.input.core.v1.ResourceRequirements {
  return {
    requests: { ...requests, "ephemeral-storage": "64Mi" },
    limits: { ...limits, "ephemeral-storage": "2Gi" },
  } as types.input.core.v1.ResourceRequirements;
}
