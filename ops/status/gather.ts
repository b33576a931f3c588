import { describeApiError, type Kube } from "../../kube/client";
import { podsOf } from "../../kube/pods";
import { readWorkload } from "../move/workload";
import type { ServiceOutput, StackOutputs } from "../pulumi/outputs";
import type { ServiceFacts } from "./rows";

/** Reads what the cluster has of every service. Throws a UserError when it doesn't answer. */
export async function gatherFacts(kube: Kube, services: StackOutputs["services"]): Promise<Map<string, ServiceFacts>> {
  try {
    const facts = await Promise.all(
      Object.entries(services).map(async ([name, service]) => [name, await factsOf(kube, service)] as const),
    );
    return new Map(facts);
  } catch (error) {
    throw describeApiError(error, kube, "reading the services' state");
  }
}

async function factsOf(kube: Kube, service: ServiceOutput): Promise<ServiceFacts> {
  const { namespace, kind, workload } = service;
  const [claims, pods, fact] = await Promise.all([
    kube.core.listNamespacedPersistentVolumeClaim({ namespace }),
    podsOf(kube, service),
    readWorkload(kube, { namespace, kind, name: workload }),
  ]);
  return {
    claims: new Map(claims.items.map((claim) => [claim.metadata?.name ?? "", claim])),
    pods,
    moving: fact?.moving,
  };
}
