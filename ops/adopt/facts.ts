import { ifFound, type Kube } from "../../kube/client";
import { nameOf } from "./claims";
import { wantedCredentials } from "./credentials";
import type { ClaimUser, Facts, LiveObject, Planned, VolumeFact } from "./types";

/** Reads what the cluster has of the planned resources and of what concerns them. Changes nothing. */
export async function gatherFacts(
  kube: Kube,
  planned: readonly Planned[],
  recorded: readonly Planned[],
): Promise<Facts> {
  const objects = [
    ...planned.filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith("Patch")),
    ...recorded,
  ];
  const found = await Promise.all(
    objects.map(async (resource) => [resource.urn, await readLive(kube, resource)] as const),
  );
  const live = new Map(found.flatMap(([urn, object]) => (object ? [[urn, object] as const] : [])));
  const namespaces = new Set(objects.flatMap((resource) => nameOf(resource).namespace ?? []));
  const [volumes, users, secrets] = await Promise.all([
    readVolumes(kube),
    readUsers(kube, namespaces),
    readSecrets(kube, planned, live),
  ]);
  return { live, volumes, users, secrets };
}

async function readLive(kube: Kube, { inputs }: Planned): Promise<LiveObject | undefined> {
  const { apiVersion, kind, metadata } = inputs as unknown as LiveObject;
  const { name, namespace = "" } = metadata;
  const found = await ifFound(kube.objects.read({ apiVersion, kind, metadata: { name, namespace } }));
  return found && ({ ...found, apiVersion, kind } as LiveObject);
}

async function readVolumes(kube: Kube): Promise<VolumeFact[]> {
  const { items } = await kube.core.listPersistentVolume();
  return items.map(({ metadata, spec, status }) => ({
    name: metadata?.name ?? "",
    phase: status?.phase ?? "",
    reclaimPolicy: spec?.persistentVolumeReclaimPolicy ?? "",
    className: spec?.storageClassName ?? "",
    size: spec?.capacity?.storage ?? "0",
    accessModes: spec?.accessModes ?? [],
    deleting: metadata?.deletionTimestamp !== undefined,
    ...(spec?.claimRef && { claim: { namespace: spec.claimRef.namespace ?? "", name: spec.claimRef.name ?? "" } }),
  }));
}

/** Pods that have a claim and haven't ended. */
async function readUsers(kube: Kube, namespaces: ReadonlySet<string>): Promise<ClaimUser[]> {
  const { items } = await kube.core.listPodForAllNamespaces();
  return items.flatMap(({ metadata, spec, status }): ClaimUser[] => {
    const claims = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
    const namespace = metadata?.namespace ?? "";
    if (claims.length === 0 || !namespaces.has(namespace) || ["Succeeded", "Failed"].includes(status?.phase ?? ""))
      return [];
    const controller = metadata?.ownerReferences?.find((owner) => owner.controller);
    return [
      {
        namespace,
        pod: metadata?.name ?? "",
        claims,
        ...(controller && { owner: ownerOf(controller, metadata?.labels) }),
      },
    ];
  });
}

/** A Deployment's pods belong to a ReplicaSet, whose name is the Deployment's and the template's hash. */
function ownerOf(
  { kind, name }: { kind: string; name: string },
  labels: Record<string, string> = {},
): { kind: string; name: string } {
  const hash = labels["pod-template-hash"];
  return kind === "ReplicaSet" && hash ? { kind: "Deployment", name: name.replace(`-${hash}`, "") } : { kind, name };
}

async function readSecrets(
  kube: Kube,
  planned: readonly Planned[],
  live: ReadonlyMap<string, LiveObject>,
): Promise<Map<string, string>> {
  const wanted = wantedCredentials(planned, live).flatMap(({ namespace, sources }) =>
    sources.flatMap((source) => ("secret" in source ? [`${namespace}/${source.secret}`] : [])),
  );
  const read = await Promise.all(
    [...new Set(wanted)].map(async (id) => {
      const [namespace = "", name = ""] = id.split("/");
      const found = await ifFound(kube.core.readNamespacedSecret({ namespace, name }));
      return Object.entries(found?.data ?? {}).map(
        ([key, value]) => [`${id}/${key}`, Buffer.from(value, "base64").toString()] as const,
      );
    }),
  );
  return new Map(read.flat());
}
