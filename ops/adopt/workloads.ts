import { isDeepStrictEqual } from "node:util";
import { nameOf } from "./claims";
import { isTemporary } from "../../model/temporary";
import type { LiveObject, Planned } from "./types";

interface KeyRef {
  name: string;
  key: string;
}

export interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: KeyRef; configMapKeyRef?: KeyRef } }[];
  envFrom?: { prefix?: string; secretRef?: { name: string }; configMapRef?: { name: string } }[];
  securityContext?: { runAsUser?: number };
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

export interface Volume {
  name: string;
  emptyDir?: { medium?: string };
  persistentVolumeClaim?: { claimName: string };
  secret?: { secretName: string; items?: { key: string; path: string }[] };
  [source: string]: unknown;
}

export interface Workload {
  spec?: {
    selector?: object;
    template?: {
      spec?: {
        containers?: Container[];
        volumes?: Volume[];
        securityContext?: { runAsUser?: number };
        imagePullSecrets?: { name: string }[];
      };
    };
    volumeClaimTemplates?: { metadata: { name: string } }[];
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string };
  };
}

/** Where a service keeps data: the claim, the container, the path in it, and the path in the volume. */
export interface DataMount {
  claim: string;
  container: string;
  path: string;
  subPath: string;
}

type Pod = NonNullable<NonNullable<NonNullable<Workload["spec"]>["template"]>["spec"]>;

/** A workload's pod. Containers that are a secret in a state are left out. */
export function podOf(object: object | undefined): Pod {
  const pod = (object as Workload | undefined)?.spec?.template?.spec ?? {};
  return Array.isArray(pod.containers ?? []) ? pod : { ...pod, containers: undefined };
}

/** The mounts of a pod, each with its claim's name if it has a claim. */
export function mountsOf(object: object, name: string): (DataMount & { volume?: Volume })[] {
  const { containers = [], volumes = [] } = podOf(object);
  const templates = templatesOf(object);
  return containers.flatMap(({ name: container, volumeMounts = [] }) =>
    volumeMounts.map((mount) => {
      const volume = volumes.find((known) => known.name === mount.name);
      const claim = templates.includes(mount.name)
        ? `${mount.name}-${name}-0`
        : (volume?.persistentVolumeClaim?.claimName ?? "");
      return { claim, container, path: mount.mountPath, subPath: mount.subPath ?? "", volume };
    }),
  );
}

const templatesOf = (object: object) =>
  ((object as Workload).spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name).sort();

/** The mounts of a planned workload's claims. */
export function dataMounts(planned: Planned): DataMount[] {
  return mountsOf(planned.inputs ?? {}, nameOf(planned).name).filter(({ claim }) => claim !== "");
}

/** Paths at which a planned workload keeps data that is deleted with its pod. */
function ephemeralPaths(planned: Planned): string[] {
  return mountsOf(planned.inputs ?? {}, nameOf(planned).name)
    .filter(({ volume }) => volume?.emptyDir && !isTemporary(volume))
    .map(({ path }) => path);
}

/**
 * Paths at which both the live and the planned workload keep data in an emptyDir. Such data lives only as
 * long as the pod.
 */
export function dataWithPod(planned: Planned, live: LiveObject): string[] {
  const mounted = mountsOf(live, live.metadata.name);
  return ephemeralPaths(planned).filter((want) =>
    mounted.some(({ path, volume }) => path === want && volume?.emptyDir),
  );
}

/** The difference that can't be changed in place, so that the workload and its pods have to be made anew. */
export function fixedDifference(planned: Planned, live: LiveObject): string | undefined {
  const [want, has] = [planned.inputs as Workload, live as Workload];
  if (!isDeepStrictEqual(plain(want.spec?.selector), plain(has.spec?.selector))) return "its selector differs";
  if (!isDeepStrictEqual(templatesOf(want), templatesOf(has))) return "its claim templates differ";
  if (
    live.kind === "StatefulSet" &&
    live.spec?.serviceName !== (planned.inputs?.spec as { serviceName?: string }).serviceName
  )
    return "its headless service differs";
  const applied = live.metadata.managedFields?.find(
    ({ operation, manager, subresource }) => operation === "Apply" && !subresource && !manager?.startsWith("pulumi-"),
  );
  return applied ? `${applied.manager} applies it` : undefined;
}

/** Removes the API client's classes: with them, equal objects compare as different. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
