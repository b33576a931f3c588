import type { KubernetesObject } from "@kubernetes/client-node";
import { stackAnnotation } from "../../model/metadata";
import { ifFound, type Kube } from "../../kube/client";
import { identityOf, needsLookup, pendingOperations, type Identity, type ObjectFact } from "./decide";
import type { Deployment } from "../pulumi/state";

/**
 * What the cluster has for each pending create whose outcome only the cluster knows, by URN. `ended`: URNs of the jobs
 * that were just removed. Reads only.
 */
export async function lookUp(
  kube: Kube,
  deployment: Deployment,
  ended: readonly string[] = [],
): Promise<Map<string, ObjectFact>> {
  const facts = new Map<string, ObjectFact>();
  for (const operation of pendingOperations(deployment).filter(needsLookup)) {
    const identity = identityOf(operation);
    const { urn } = operation.resource;
    if (ended.includes(urn)) facts.set(urn, { found: false, ended: true });
    else if (identity) facts.set(urn, await lookUpOne(kube, identity));
  }
  return facts;
}

async function lookUpOne(kube: Kube, { apiVersion, kind, name, namespace }: Identity): Promise<ObjectFact> {
  const found = await ifFound<KubernetesObject>(
    kube.objects.read({ apiVersion, kind, metadata: { name, namespace: namespace ?? "" } }),
  );
  if (!found?.metadata) return { found: false };
  const { namespace: home, annotations, managedFields } = found.metadata;
  return {
    found: true,
    id: home ? `${home}/${name}` : name,
    stack: annotations?.[stackAnnotation],
    fieldManager: managedFields?.find(
      ({ operation, manager }) => operation === "Apply" && manager?.startsWith("pulumi-"),
    )?.manager,
  };
}
