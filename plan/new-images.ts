import type { Identity } from "../model/container";
import type { ClusterFacts } from "../model/facts";
import type { StoragePlan } from "../model/plan";

/** An image that an update would give to a workload that has another one. */
export interface NewImage {
  service: string;
  namespace: string;
  image: string;
  identity: Identity;
  /** Where the pod is that would be replaced; absent where there is none. */
  node?: string;
}

/** The images for which existing workloads give up the one that they have. */
export function newImages({ services }: StoragePlan, { runs = [] }: Pick<ClusterFacts, "runs">): NewImage[] {
  return services.flatMap(({ name, namespace, run, kind, identity, container: { image } }) => {
    const own = runs.filter((other) => other.service === name && other.namespace === namespace);
    const workload = own.find((other) => other.kind === kind && other.name === name);
    if (!run || !workload || workload.image === image) return [];
    const node = own.find((other) => other.kind === "Pod" && other.node !== undefined)?.node;
    return [{ service: name, namespace, image, identity, ...(node !== undefined && { node }) }];
  });
}
