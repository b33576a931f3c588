import type { ClaimPlan } from "../model/storage";
import type { ServicePlan } from "../model/plan";
import { repositorySecret } from "../model/restore";
import type { Rule } from "../model/rights";

type Moved = Pick<ClaimPlan, "name" | "ephemeral" | "move" | "template">;

/**
 * What the orchestrator of these claims' moves may do in the service's namespace: change one workload, its claims and
 * the pods of the move. RBAC can't limit creating and listing to names, so these two hold for the whole namespace.
 */
export function moverRights({ kind, name }: Pick<ServicePlan, "kind" | "name">, claims: readonly Moved[]): Rule[] {
  const workloads = `${kind.toLowerCase()}s`;
  const jobs = claims.flatMap(({ move }) => move?.job ?? []);
  const pods = claims.flatMap(({ move }) =>
    move ? [`${move.job}-measure`, `${move.job}-copy`, ...(move.across ? [`${move.job}-source`] : [])] : [],
  );
  const volumes = claims
    .flatMap((claim) => [claim, ...(claim.move ? [claim.move.from] : [])])
    .filter(({ ephemeral }) => !ephemeral);
  const remade = claims.some(({ template }) => template !== undefined);
  const fills = claims.some(({ move }) => move?.kind === "fill");
  return [
    {
      apiGroups: ["apps"],
      resources: [workloads],
      resourceNames: [name],
      verbs: ["get", "patch", ...(remade ? ["delete"] : [])],
    },
    ...(remade ? [{ apiGroups: ["apps"], resources: [workloads], verbs: ["create"] }] : []),
    {
      apiGroups: [""],
      resources: ["persistentvolumeclaims"],
      resourceNames: volumes.map((volume) => volume.name),
      verbs: ["get", "patch"],
    },
    { apiGroups: ["batch"], resources: ["jobs"], resourceNames: jobs, verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list", "create"] },
    { apiGroups: [""], resources: ["pods", "pods/log"], resourceNames: pods, verbs: ["get", "delete"] },
    // Events say why a pod can't be placed or why a volume can't be made.
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
    ...(claims.some(({ move }) => move?.restore)
      ? [
          {
            apiGroups: [""],
            resources: ["secrets"],
            resourceNames: [repositorySecret(`${name}-move`)],
            verbs: ["delete"],
          },
        ]
      : []),
    // The name of a Deployment's pod is known only when the pod runs, so this right can't be limited to a name.
    ...(fills
      ? [
          { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
          { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
        ]
      : []),
    // This right is for the pod that outlives its StatefulSet until its data has left it.
    ...(fills && remade
      ? [{ apiGroups: [""], resources: ["pods"], resourceNames: [`${name}-0`], verbs: ["delete"] }]
      : []),
  ];
}
