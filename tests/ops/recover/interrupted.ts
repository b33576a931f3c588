import { ApiException } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";
import type { StateExport, StateResource } from "../../../ops/pulumi/state";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

export const urnOf = (name: string) => `urn:pulumi:dev::shop::${claimType}::${name}`;

const claim = (name: string): StateResource => ({
  urn: urnOf(name),
  type: claimType,
  custom: true,
  inputs: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: "cache" } },
});

export const recorded = (name: string): StateResource => ({ ...claim(name), id: `cache/${name}` });

export const interrupted = (resources: StateResource[], ...creating: string[]): StateExport => ({
  version: 3,
  deployment: { resources, pending_operations: creating.map((name) => ({ type: "creating", resource: claim(name) })) },
});

/** A cluster that has these claims, each with its stack. */
export function cluster(owners: Record<string, string | undefined>): () => Kube {
  const read = async ({ metadata }: { metadata: { name: string; namespace: string } }) => {
    if (!(metadata.name in owners)) throw new ApiException(404, "not found", undefined, {});
    const owner = owners[metadata.name];
    return { metadata: { ...metadata, annotations: owner === undefined ? {} : { "cluster-storage/stack": owner } } };
  };
  return () => ({ core: { listNamespace: async () => ({}) }, objects: { read } }) as unknown as Kube;
}

export const unreachable = (): Kube => {
  throw new Error("nobody should have asked the cluster");
};
