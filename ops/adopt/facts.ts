import { ifFound, type Kube } from "../../kube/client";
import { listPods, listVolumes } from "../../kube/look-up";
import { nameOf } from "./claims";
import { settingsOf } from "./containers";
import { wantedCredentials } from "./credentials";
import { listOwners } from "./read-owners";
import { askServers } from "./servers";
import type { Facts, LiveObject, Planned } from "./types";

/** Reads the planned resources from the cluster, and what else the decision needs. Changes nothing. */
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
  const owners = await listOwners(kube, planned, recorded, namespaces);
  const workloads = [...live.values()].filter(({ kind }) => ["Deployment", "StatefulSet"].includes(kind));
  const [volumes, users, secrets, settings, servers] = await Promise.all([
    listVolumes(kube),
    listPods(kube).then((pods) => pods.filter(({ namespace }) => namespaces.has(namespace))),
    readSecrets(kube, planned, live),
    readSettings(kube, [...workloads, ...owners]),
    askServers(kube, planned, live, owners),
  ]);
  return { live, volumes, users, secrets, owners, settings, servers };
}

async function readLive(kube: Kube, { inputs }: Planned): Promise<LiveObject | undefined> {
  const { apiVersion, kind, metadata } = inputs as unknown as LiveObject;
  const { name, namespace = "" } = metadata;
  const found = await ifFound(kube.objects.read({ apiVersion, kind, metadata: { name, namespace } }));
  return found && ({ ...found, apiVersion, kind } as LiveObject);
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

/** The ConfigMaps and Secrets that workloads take variables from, as far as they exist. */
async function readSettings(kube: Kube, workloads: readonly LiveObject[]): Promise<Facts["settings"]> {
  const keys = [...new Set(workloads.flatMap(settingsOf))];
  const read = await Promise.all(
    keys.map(async (key) => {
      const [kind, namespace = "", name = ""] = key.split(/[ /]/);
      if (kind === "ConfigMap")
        return [key, (await ifFound(kube.core.readNamespacedConfigMap({ namespace, name })))?.data ?? {}] as const;
      const { data = {} } = (await ifFound(kube.core.readNamespacedSecret({ namespace, name }))) ?? {};
      const decoded = Object.entries(data).map(([field, value]) => [field, Buffer.from(value, "base64").toString()]);
      return [key, Object.fromEntries(decoded) as Record<string, string>] as const;
    }),
  );
  return new Map(read);
}
