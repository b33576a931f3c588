import { isDeepStrictEqual } from "node:util";
import { nameOf } from "./claims";
import { configPath, serviceOf } from "./config-path";
import type { Refusal } from "../../model/service-spec";
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
  emptyDir?: object;
  persistentVolumeClaim?: { claimName: string };
  secret?: { secretName: string; items?: { key: string; path: string }[] };
  [source: string]: unknown;
}

interface Workload {
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
interface DataMount {
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

/** The program gives these names to directories for temporary files. Any other emptyDir of its pods is for data. */
const scratch = /^scratch-\d+$/;

/** Paths at which a planned workload keeps data that is deleted with its pod. */
function ephemeralPaths(planned: Planned): string[] {
  return mountsOf(planned.inputs ?? {}, nameOf(planned).name)
    .filter(({ volume }) => volume?.emptyDir && !scratch.test(volume.name))
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

/** Data of the live workload that the planned one wouldn't have. Replacing the pod would lose that data. */
export function refuseWorkload(planned: Planned, live: LiveObject): Refusal[] {
  const mounted = mountsOf(live, live.metadata.name);
  const faults = dataMounts(planned).flatMap((want) => refuseMount(planned, want, mounted));
  const { persistentVolumeClaimRetentionPolicy: policy } = (live as Workload).spec ?? {};
  if (policy?.whenDeleted !== "Delete") return faults;
  const keep =
    `kubectl -n ${live.metadata.namespace} patch statefulset ${live.metadata.name} -p ` +
    `'{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}}'`;
  return [...faults, { why: "its claims are deleted with it", wayOut: `keep them first: ${keep}` }];
}

function refuseMount(planned: Planned, want: DataMount, mounted: (DataMount & { volume?: Volume })[]): Refusal[] {
  const service = serviceOf(planned);
  if (mounted.some(({ claim }) => claim === want.claim)) return refuseDirectory(service, want, mounted);
  const there =
    mounted.find(({ path }) => path === want.path) ??
    mounted.find(({ path }) => path.startsWith(`${want.path}/`) || want.path.startsWith(`${path}/`));
  if (!there) return [];
  const key = configPath({
    ...planned,
    inputs: { metadata: { name: want.claim, labels: { "app.kubernetes.io/name": service } } },
  });
  if (there.claim)
    return [
      {
        why: `its data is on the claim ${there.claim}, not on ${want.claim}`,
        wayOut: `write ${key}.claim: ${there.claim}`,
      },
    ];
  if (there.volume?.emptyDir)
    return [
      {
        why: `its data in ${there.path} is in an emptyDir, which is deleted with the pod`,
        wayOut:
          `write this into the stack file first: ${key}.backend: one of type ephemeral; then npm run move ` +
          `-- ${service} --to BACKEND ` +
          "brings it onto a claim",
      },
    ];
  const source = Object.keys(there.volume ?? {}).find((field) => field !== "name") ?? "nothing known";
  return ["configMap", "secret", "projected"].includes(source)
    ? []
    : [
        {
          why: `its data in ${there.path} is on a volume of the kind ${source}, not on ${want.claim}`,
          wayOut: "copy it onto a claim of that name first",
        },
      ];
}

/** The live workload has the claim too, but looks in another directory of it. */
export function refuseDirectory(service: string, want: DataMount, mounted: readonly DataMount[]): Refusal[] {
  const same = mounted.filter(({ claim }) => claim === want.claim);
  const there = same.find(({ path }) => path === want.path) ?? same[0];
  if (!there || there.subPath === want.subPath) return [];
  return [
    {
      why:
        `its data is in ${describe(there.subPath)} of ${want.claim}, and ${service} looks ` +
        `in ${describe(want.subPath)}`,
      wayOut: "stop it and move the files within the volume",
    },
  ];
}

const describe = (subPath: string) => (subPath === "" ? "the root" : `the directory ${subPath}`);
/** Removes the API client's classes: with them, equal objects compare as different. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
