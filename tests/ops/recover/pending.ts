import type { PendingOperation, StateResource } from "../../../ops/pulumi/state";

export const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;

export const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

export function pending(type = "creating", over: Partial<StateResource> = {}): PendingOperation {
  const inputs = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "redis-data", namespace: "cache" },
  };
  return { type, resource: { urn: urn(claimType, "redis-data"), type: claimType, custom: true, inputs, ...over } };
}
