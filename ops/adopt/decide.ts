import { isDeepStrictEqual } from "node:util";
import { stackAnnotation } from "../../model/metadata";
import { renamedWay } from "../../model/recover-command";
import type { Refusal } from "../../model/service-spec";
import { findVolume, nameOf, refuseClaim, retainVolume } from "./claims";
import { describe } from "./describe-live";
import type { PodFacts } from "../../model/facts";
import type { Facts, LiveObject, Planned, Verdict } from "./types";
import { refuseSeen } from "./looked";
import { decideOwners, refuseByService, strayOwners } from "./owners";
import { refuseWorkload } from "./refuse-mounts";
import { dataWithPod, fixedDifference, plain, podOf } from "./workloads";

/**
 * What to do about each planned resource that the cluster already has, in the program's order. The next update creates
 * what the cluster doesn't have.
 * `stack`: this stack, as `project/stack`.
 * `recorded`: claims and workloads of the program that the state has.
 */
export function decideAdoption(
  planned: readonly Planned[],
  recorded: readonly Planned[],
  facts: Facts,
  stack: string,
): Verdict[] {
  const objects = planned.filter(isObject);
  const workloads = objects.filter(isWorkload);
  const users = usersOf(objects, [...workloads, ...recorded.filter(isWorkload)], facts);
  const lost = recorded.filter((resource) => isClaim(resource) && !facts.live.has(resource.urn));
  return [
    ...objects.map((resource) => decideOne(resource, facts, stack, { objects, users })),
    ...workloads.flatMap((workload) => decideOwners(workload, objects, facts)),
    ...lost.map((claim) => restore(claim, facts)),
  ].filter((verdict) => verdict !== undefined);
}

const kindOf = ({ type }: Planned) => type.split(":").pop() ?? "";
const isObject = ({ type }: Planned) => type.startsWith("kubernetes:") && !type.endsWith("Patch");
const isWorkload = (resource: Planned) => ["Deployment", "StatefulSet"].includes(kindOf(resource));
const isClaim = (resource: Planned) => kindOf(resource) === "PersistentVolumeClaim";

function decideOne(
  planned: Planned,
  facts: Facts,
  stack: string,
  { objects, users }: { objects: readonly Planned[]; users: ReadonlyMap<string, Refusal[]> },
): Verdict | undefined {
  const live = facts.live.get(planned.urn);
  if (!live) return isClaim(planned) ? restore(planned, facts) : undefined;
  const base = { urn: planned.urn, kind: kindOf(planned), ...nameOf(planned), found: describe(live) };
  const faults = [
    ...refuseOwner(live, stack),
    ...refuseDeletion(planned, live),
    ...refuseData(planned, live, objects, facts),
    ...(users.get(planned.urn) ?? []),
  ];
  if (faults.length > 0) return { ...base, action: "refuse", faults };
  const why = isWorkload(planned) ? fixedDifference(planned, live) : fixedField(planned, live, stack);
  const withPod = isWorkload(planned) ? dataWithPod(planned, live) : [];
  if (why !== undefined && withPod.length > 0)
    return {
      ...base,
      action: "refuse",
      faults: [
        {
          why: `${why}, so it would have to go, and its data in ${withPod.join(", ")} is in an emptyDir`,
          wayOut: "copy it onto a claim by hand first",
        },
      ],
    };
  return why === undefined
    ? { ...base, action: "adopt", live, notes: [...notesOn(planned, live), ...strayOwners(planned, facts)] }
    : { ...base, action: "replace", live, why };
}

/** A claim that is gone gets back the volume that it left, if that volume is still the claim's. */
function restore(planned: Planned, { volumes }: Facts): Verdict | undefined {
  const { volume, faults } = findVolume(planned, volumes);
  const base = { urn: planned.urn, kind: kindOf(planned), ...nameOf(planned) };
  if (faults.length > 0) return { ...base, found: "a volume", action: "refuse", faults };
  return volume && { ...base, found: `${volume.phase} volume, ${volume.size}`, action: "restore", volume: volume.name };
}

/** Tools that would undo this stack's changes. */
const keepers: [what: string, read: (metadata: LiveObject["metadata"]) => string | undefined][] = [
  ["the Helm release", ({ annotations }) => annotations?.["meta.helm.sh/release-name"]],
  [
    "Argo CD's application",
    ({ labels, annotations }) =>
      labels?.["argocd.argoproj.io/instance"] ?? annotations?.["argocd.argoproj.io/tracking-id"],
  ],
  ["Flux's kustomization", ({ labels }) => labels?.["kustomize.toolkit.fluxcd.io/name"]],
];

/** Another owner than this stack, who would undo its changes or lose the object. */
export function refuseOwner({ metadata }: LiveObject, stack: string): Refusal[] {
  const owner = metadata.annotations?.[stackAnnotation];
  if (owner === stack) return [];
  if (owner !== undefined)
    return [
      {
        why: `it belongs to the stack ${owner}`,
        wayOut: `give this stack's service another namespace or claim${renamedWay(stack, owner)}`,
      },
    ];
  const keeper = keepers.map(([what, read]) => [what, read(metadata)]).find(([, name]) => name !== undefined);
  return keeper
    ? [{ why: `it belongs to ${keeper.join(" ")}`, wayOut: "take it out of there first, keeping the object" }]
    : [];
}

function refuseDeletion(planned: Planned, { metadata, spec }: LiveObject): Refusal[] {
  if (metadata.deletionTimestamp === undefined) return [];
  const volume = isClaim(planned) ? (spec as { volumeName?: string }).volumeName : undefined;
  const keep = volume === undefined ? "" : `${retainVolume(volume)}; only then stop the pods that use it, `;
  return [{ why: "it is being deleted", wayOut: `${keep}wait until it is gone, and run this again` }];
}

function refuseData(planned: Planned, live: LiveObject, objects: readonly Planned[], facts: Facts): Refusal[] {
  if (isClaim(planned)) return [...refuseClaim(planned, live), ...refuseSeen(planned, live, objects, facts)];
  return isWorkload(planned)
    ? [...refuseWorkload(planned, live), ...refuseByService(planned, live, objects, facts)]
    : [];
}

/**
 * Pods that use a planned claim but belong to no workload of the program. Two programs on the same files destroy them.
 */
function usersOf(objects: readonly Planned[], workloads: readonly Planned[], { users }: Facts): Map<string, Refusal[]> {
  const known = new Set(workloads.map((workload) => idOf(kindOf(workload), nameOf(workload))));
  const foreign = (user: PodFacts) =>
    !user.owner || !known.has(idOf(user.owner.kind, { namespace: user.namespace, name: user.owner.name }));
  return new Map(
    objects.filter(isClaim).map((claim) => {
      const { name, namespace } = nameOf(claim);
      const on = users.filter((user) => user.namespace === namespace && user.claims.includes(name) && foreign(user));
      return [claim.urn, on.map(refuseUser)];
    }),
  );
}

function refuseUser({ namespace, pod, owner }: PodFacts): Refusal {
  if (!owner)
    return {
      why: `the pod ${pod} uses it, which the stack doesn't have`,
      wayOut: `stop it: kubectl -n ${namespace} delete pod ${pod}`,
    };
  const kind = owner.kind.toLowerCase();
  const stop = ["deployment", "statefulset"].includes(kind)
    ? `scale ${kind} ${owner.name} --replicas 0`
    : `delete ${kind} ${owner.name}`;
  return {
    why: `${owner.kind} ${owner.name} uses it, which the stack doesn't have`,
    wayOut: `stop it: kubectl -n ${namespace} ${stop}`,
  };
}

const idOf = (kind: string, { namespace = "", name }: { namespace?: string; name: string }) =>
  `${kind} ${namespace}/${name}`;

/** Fields that the API server or the plugin doesn't change in an existing object. */
const fixed: Record<string, string[]> = {
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
  Service: ["spec.clusterIP"],
};

function fixedField(planned: Planned, live: LiveObject, stack: string): string | undefined {
  const kind = kindOf(planned);
  if (kind === "Job") return live.metadata.annotations?.[stackAnnotation] === stack ? undefined : "a job runs once";
  const differs = (fixed[kind] ?? []).find((path) => {
    const want = at(planned.inputs, path);
    return (want !== undefined || path === "parameters") && !isDeepStrictEqual(plain(want), plain(at(live, path)));
  });
  return differs === undefined ? undefined : `its ${differs.split(".").pop()} is another`;
}

function notesOn(planned: Planned, live: LiveObject): string[] {
  const images = (object: object | undefined) => (podOf(object).containers ?? []).map(({ image }) => image);
  const [want, has] = [images(planned.inputs), images(live)];
  if (!isWorkload(planned)) return [];
  const image = isDeepStrictEqual(want, has) ? [] : [`image ${has.join(", ")} becomes ${want.join(", ")}`];
  const move = dataWithPod(planned, live).map(
    (path) => `every update but a move loses its data in ${path}: npm run move -- ${nameOf(planned).name} --to BACKEND`,
  );
  return [...image, ...move];
}

function at(object: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}
