import type { types } from "@pulumi/kubernetes";
import type { NamedKey } from "../model/container-settings";
import type { ContainerPlan } from "../model/plan";

/** What a container has of ConfigMaps and Secrets that somebody else made, and of memory that its processes share. */

type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;

/** The pod's volumes have names of their own, which no claim, scratch directory or certificate has. */
const nameOf = (i: number) => `extra-${i}`;

const memoryName = "shm";

export const namedVariable = (name: string, { kind, name: object, key }: NamedKey): types.input.core.v1.EnvVar => ({
  name,
  valueFrom: kind === "Secret" ? { secretKeyRef: { name: object, key } } : { configMapKeyRef: { name: object, key } },
});

export function extraVolumes({ extraVolumes = [], shm }: ContainerPlan): Volume[] {
  const files = extraVolumes.map(({ kind, name, items, optional }, i): Volume => {
    const chosen = { ...(items && { items }), ...(optional && { optional }) };
    return {
      name: nameOf(i),
      // A Secret's files are for the service's own group, which the kubelet gives them (fsGroup).
      ...(kind === "Secret"
        ? { secret: { secretName: name, defaultMode: 0o440, ...chosen } }
        : { configMap: { name, ...chosen } }),
    };
  });
  return [...files, ...(shm ? [{ name: memoryName, emptyDir: { medium: "Memory", sizeLimit: shm } }] : [])];
}

export function extraMounts({ extraVolumes = [], shm }: ContainerPlan): VolumeMount[] {
  const files = extraVolumes.map(({ path, subPath }, i) => ({
    name: nameOf(i),
    mountPath: path,
    readOnly: true,
    ...(subPath !== undefined && { subPath }),
  }));
  return [...files, ...(shm ? [{ name: memoryName, mountPath: "/dev/shm" }] : [])];
}
