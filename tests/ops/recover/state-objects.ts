import type { StateResource } from "../../../ops/pulumi/state";

const apiVersions: Record<string, string> = {
  Deployment: "apps/v1",
  StorageClass: "storage.k8s.io/v1",
  StorageClassPatch: "storage.k8s.io/v1",
};

/** An object as the state of stack shop/new records it, with the uid `uid of NAME`. */
export function stateObject(
  kind: string,
  name: string,
  namespace: string | undefined,
  more: Partial<StateResource> = {},
): StateResource {
  const apiVersion = apiVersions[kind] ?? "v1";
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const spec = { resources: { requests: { storage: "1Gi" } } };
  return {
    urn: `urn:pulumi:new::shop::${type}::${name}`,
    type,
    custom: true,
    id: namespace === undefined ? name : `${namespace}/${name}`,
    inputs: { apiVersion, kind, metadata, ...(kind === "PersistentVolumeClaim" && { spec }) },
    outputs: {
      apiVersion,
      kind,
      metadata: { ...metadata, uid: `uid of ${name}`, creationTimestamp: "2026-06-01T00:00:00Z" },
    },
    ...more,
  };
}

/** The stack's own resource, whose last update went to the cluster with this uid. */
export const stateStack = (uid?: string): StateResource => ({
  urn: "urn:pulumi:new::shop::pulumi:pulumi:Stack::shop-new",
  type: "pulumi:pulumi:Stack",
  outputs: { cluster: { context: "home", ...(uid !== undefined && { uid }) }, services: {} },
});
