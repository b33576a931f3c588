import { describeApiError, type Kube } from "../../kube/client";
import { podsOf } from "../../kube/pods";
import { listClaims, lookUpWorkload } from "../../kube/look-up";
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
  const [claims, pods, fact] = await Promise.all([
    listClaims(kube, service.namespace),
    podsOf(kube, service),
    lookUpWorkload(kube, service),
  ]);
  return {
    claims: new Map(claims.map((claim) => [claim.name, claim])),
    pods,
    moving: fact?.moving,
  };
}
