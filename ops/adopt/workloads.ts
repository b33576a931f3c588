import { isDeepStrictEqual } from "node:util";
import { nameOf } from "./claims";
import { configPath, serviceOf } from "./config-path";
import type { Refusal } from "../../model/service-spec";
import type { LiveObject, Planned } from "./types";

export interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  envFrom?: { prefix?: string; secretRef?: { name: string } }[];
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
    template?: { spec?: { containers?: Container[]; volumes?: Volume[] } };
    volumeClaimTemplates?: { metadata: { name: string } }[];
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string };
  };
}

/** Where a service keeps data: the claim, and where in the pod and in the volume. */
interface DataMount {
  claim: string;
  path: string;
  subPath: string;
}

export const podOf = (object: object | undefined) => (object as Workload | undefined)?.spec?.template?.spec ?? {};

/** What a pod has at its mounts, a claim by its name. */
function mountsOf(object: object, name: string): (DataMount & { volume?: Volume })[] {
  const { containers = [], volumes = [] } = podOf(object);
  const templates = templatesOf(object);
  return containers.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.map((mount) => {
      const volume = volumes.find((known) => known.name === mount.name);
      const claim = templates.includes(mount.name)
        ? `${mount.name}-${name}-0`
        : (volume?.persistentVolumeClaim?.claimName ?? "");
      return { claim, path: mount.mountPath, subPath: mount.subPath ?? "", volume };
    }),
  );
}

const templatesOf = (object: object) =>
  ((object as Workload).spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name).sort();

/** The mounts of a planned workload's claims. */
function dataMounts(planned: Planned): DataMount[] {
  return mountsOf(planned.inputs ?? {}, nameOf(planned).name).filter(({ claim }) => claim !== "");
}

/**
 * Names that the program gives to directories for what is of the moment; any other emptyDir of its pods is for data.
 */
const scratch = /^scratch-\d+$/;

/** Where a planned workload keeps data that goes with its pod. */
function ephemeralPaths(planned: Planned): string[] {
  return mountsOf(planned.inputs ?? {}, nameOf(planned).name)
    .filter(({ volume }) => volume?.emptyDir && !scratch.test(volume.name))
    .map(({ path }) => path);
}

/**
 * Paths whose data a live workload has in an emptyDir, and the planned one has there too: it lives as long as the pod.
 */
export function dataWithPod(planned: Planned, live: LiveObject): string[] {
  const mounted = mountsOf(live, live.metadata.name);
  return ephemeralPaths(planned).filter((want) =>
    mounted.some(({ path, volume }) => path === want && volume?.emptyDir),
  );
}

/** What of a workload can't be changed in place; its pods go with it then. */
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

/** Data of a live workload that the planned one wouldn't have: whoever takes the pod takes it away. */
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
  const same = mounted.filter(({ claim }) => claim === want.claim);
  if (same.length > 0) {
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

const describe = (subPath: string) => (subPath === "" ? "the root" : `the directory ${subPath}`);
/** Without the API client's classes, in which equal things differ. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
