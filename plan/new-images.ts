import type { Identity } from "../model/container";
import type { ClusterFacts, RunFacts } from "../model/facts";
import type { StoragePlan } from "../model/plan";
import type { PodSettings } from "../model/pod-settings";

/** An image that an update would give to a workload. */
export interface NewImage {
  service: string;
  namespace: string;
  image: string;
  identity: Identity;
  /** What the config says of the service's pod. */
  pod?: PodSettings;
  /** Where the pod is that would be replaced; absent where there is none. */
  node?: string;
}

/** The images for which existing workloads give up the one that they have. */
export const newImages = (plan: StoragePlan, facts: Pick<ClusterFacts, "runs">): NewImage[] =>
  imagesWhere(plan, facts, (workload, image) => workload !== undefined && workload.image !== image);

/** The images of workloads that aren't there yet; none where it isn't known which are. */
export const firstImages = (plan: StoragePlan, facts: Pick<ClusterFacts, "runs">): NewImage[] =>
  facts.runs ? imagesWhere(plan, facts, (workload) => workload === undefined) : [];

function imagesWhere(
  { services }: StoragePlan,
  { runs = [] }: Pick<ClusterFacts, "runs">,
  wanted: (workload: RunFacts | undefined, image: string) => boolean,
): NewImage[] {
  return services.flatMap(({ name, namespace, run, kind, identity, pod, container: { image } }) => {
    const own = runs.filter((other) => other.service === name && other.namespace === namespace);
    const workload = own.find((other) => other.kind === kind && other.name === name);
    if (!run || !wanted(workload, image)) return [];
    const node = own.find((other) => other.kind === "Pod" && other.node !== undefined)?.node;
    return [{ service: name, namespace, image, identity, ...(pod && { pod }), ...(node !== undefined && { node }) }];
  });
}
