import type { V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import { listNodes, listVolumes, lookUpWorkload } from "../../kube/look-up";
import { claimArgument } from "../../model/config-path";
import { nodesOf } from "../../model/nodes";
import type { StoragePlan } from "../../model/plan";
import { UserError } from "../../model/user-error";
import { inUse } from "./workload";

/** What a node has of a stack's data, as its pods, workloads and volumes say, whatever the stack's file says. */
export interface Left {
  /** Volumes that only the node reaches and that a service or a pod uses: claims as `namespace/name`, and by what. */
  volumes: { claim: string; by: string }[];
  /** Data in the own directories of pods on the node, which a drain deletes: SERVICE or SERVICE/CLAIM, and the pod. */
  directories: { claim: string; pod: string }[];
}

type Planned = Pick<StoragePlan, "services">;

/** Reads what a node has of the stack's data in use. */
export async function leftOnNode(kube: Pick<Kube, "core" | "apps">, off: string, plan: Planned): Promise<Left> {
  const [volumes, nodes, { items: pods }, used] = await Promise.all([
    listVolumes(kube),
    listNodes(kube),
    kube.core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${off}` }),
    usedByWorkloads(kube, plan),
  ]);
  const tied = volumes
    .filter((volume) => nodesOf(volume, nodes)?.every((name) => name === off))
    .flatMap(({ claim }) => claim ?? []);
  return leftAmong(plan, { tied, used, pods: pods.filter(({ status }) => !hasEnded(status?.phase)) });
}

const hasEnded = (phase: string | undefined) => phase === "Succeeded" || phase === "Failed";

/** The claim that each service's workload uses now, also while it has no pod. */
async function usedByWorkloads(kube: Pick<Kube, "apps">, { services }: Planned): Promise<Left["volumes"]> {
  const found = await Promise.all(
    services.map(async (service) => {
      const workload = await lookUpWorkload(kube, { ...service, workload: service.name });
      return service.claims.flatMap((claim) => {
        const volume = workload && inUse(claim, workload);
        return volume && !volume.ephemeral
          ? [{ claim: `${claim.namespace}/${volume.name}`, by: `${service.kind} ${service.name}` }]
          : [];
      });
    }),
  );
  return found.flat();
}

interface OnNode {
  /** Claims whose volumes only the node reaches. */
  tied: readonly string[];
  used: Left["volumes"];
  /** Those on the node that have not ended. */
  pods: readonly V1Pod[];
}

/** The part of what is in use that is on the node. Only the stack's namespaces count. */
export function leftAmong({ services }: Planned, { tied, used, pods }: OnNode): Left {
  const namespaces = new Set(services.map(({ namespace }) => namespace));
  const mounted = pods
    .filter(({ metadata }) => namespaces.has(metadata?.namespace ?? ""))
    .flatMap(({ metadata, spec }) =>
      (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
        claim ? [{ claim: `${metadata?.namespace}/${claim.claimName}`, by: `pod ${metadata?.name}` }] : [],
      ),
    );
  const all = [...used, ...mounted].filter(({ claim }) => tied.includes(claim));
  return {
    volumes: all.filter(({ claim }, i) => all.findIndex((other) => other.claim === claim) === i),
    directories: services.flatMap((service) =>
      service.claims.flatMap((claim) =>
        pods
          .filter(({ metadata }) => metadata?.namespace === service.namespace)
          .filter(({ metadata }) => metadata?.labels?.["app.kubernetes.io/name"] === service.name)
          .filter(({ spec }) => spec?.volumes?.some(({ name, emptyDir }) => name === claim.volume && emptyDir))
          .map(({ metadata }) => ({ claim: claimArgument(claim), pod: metadata?.name ?? "" })),
      ),
    ),
  };
}

/**
 * Throws a UserError where volumes on the node are in use besides those in `moving`: their last moves failed or were
 * interrupted, so the stack's file names other volumes. `command`: how a person updates the stack.
 */
export function assertOnlyMoving(off: string, { volumes }: Left, moving: ReadonlySet<string>, command: string): void {
  const others = volumes.filter(({ claim }) => !moving.has(claim));
  if (others.length === 0) return;
  const list = others.map(({ claim, by }) => `${claim} (${by})`).join(", ");
  throw new UserError(
    `volumes that only ${off} reaches are in use, though the stack's file names others: ${list}. Their last move ` +
      `isn't finished, or a pod holds them: ${command} continues the move. ${off} must not be drained ` +
      "before",
  );
}
