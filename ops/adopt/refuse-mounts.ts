import type { Refusal } from "../../model/service-spec";
import { configPath, serviceOf } from "./config-path";
import type { LiveObject, Planned } from "./types";
import { dataMounts, mountsOf, type DataMount, type Volume, type Workload } from "./workloads";

/** Data of the live workload that the planned one wouldn't have. Replacing the pod would lose that data. */
export function refuseWorkload(planned: Planned, live: LiveObject): Refusal[] {
  const mounted = mountsOf(live, live.metadata.name);
  const wanted = dataMounts(planned);
  const faults = wanted.flatMap((want) => refuseMount(planned, want, wanted, mounted));
  const { persistentVolumeClaimRetentionPolicy: policy } = (live as Workload).spec ?? {};
  if (policy?.whenDeleted !== "Delete") return faults;
  const keep =
    `kubectl -n ${live.metadata.namespace} patch statefulset ${live.metadata.name} -p ` +
    `'{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}}'`;
  return [...faults, { why: "its claims are deleted with it", wayOut: `keep them first: ${keep}` }];
}

function refuseMount(
  planned: Planned,
  want: DataMount,
  wanted: readonly DataMount[],
  mounted: (DataMount & { volume?: Volume })[],
): Refusal[] {
  const service = serviceOf(planned);
  if (mounted.some(({ claim }) => claim === want.claim))
    return [...refuseOther(want, mounted), ...refuseDirectory(service, want, wanted, mounted)];
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

/** The live workload has the claim, and at one of its directories' place something else. */
function refuseOther(want: DataMount, mounted: readonly (DataMount & { volume?: Volume })[]): Refusal[] {
  const other = mounted.find(({ path, claim }) => path === want.path && claim !== want.claim);
  if (!other || other.volume?.configMap || other.volume?.secret || other.volume?.projected) return [];
  return [
    {
      why: `its files in ${want.path} are not on ${want.claim}, whose ${describe(want.subPath)} would be there`,
      wayOut: `copy them to ${describe(want.subPath)} of that volume first, and mount that there`,
    },
  ];
}

/**
 * The live workload has the claim too, but looks in another directory of it. A directory that it doesn't have at all is
 * made, where its others are those that are `wanted`.
 */
export function refuseDirectory(
  service: string,
  want: DataMount,
  wanted: readonly DataMount[],
  mounted: readonly DataMount[],
): Refusal[] {
  const same = mounted.filter(({ claim }) => claim === want.claim);
  const isWanted = (live: DataMount) => wanted.some(({ claim, path }) => claim === live.claim && path === live.path);
  const there = same.find(({ path }) => path === want.path) ?? same.find((live) => !isWanted(live));
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
