import { z } from "zod";
import type { ServerFacts } from "../../model/service-spec";
import { catalogue } from "../../services/catalogue";
import type { Kube } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import { isReady } from "../../kube/pods";
import { nameOf } from "./claims";
import { serviceOf } from "./config-path";
import { claimsOf, keyOf } from "./owners";
import type { LiveObject, Planned } from "./types";
import { dataMounts, mountsOf } from "./workloads";

const answer = z.object({ superusers: z.array(z.string()), owners: z.record(z.string(), z.string()) });

/**
 * Asks the live servers that run on the planned workloads' claims, by `Kind namespace/name` of the live workload. One
 * that doesn't run or doesn't answer is left out.
 */
export async function askServers(
  kube: Kube,
  planned: readonly Planned[],
  live: ReadonlyMap<string, LiveObject>,
  owners: readonly LiveObject[],
): Promise<Map<string, ServerFacts>> {
  const asked = planned
    .filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))
    .flatMap((workload) => {
      const command = catalogue.get(serviceOf(workload))?.serverFacts;
      const claims = new Set(dataMounts(workload).map(({ claim }) => `${nameOf(workload).namespace}/${claim}`));
      const [own, others] = [
        live.get(workload.urn),
        owners.filter((one) => claimsOf(one).some((id) => claims.has(id))),
      ];
      return command ? [...(own ? [own] : []), ...others].map((object) => ({ object, command })) : [];
    });
  const answers = await Promise.all(
    asked.map(async ({ object, command }) => [keyOf(object), await ask(kube, object, command)] as const),
  );
  return new Map(answers.flatMap(([key, facts]) => (facts ? [[key, facts] as const] : [])));
}

async function ask(kube: Kube, object: LiveObject, command: string[]): Promise<ServerFacts | undefined> {
  const { namespace = "", name } = object.metadata;
  const labels = Object.entries((object.spec?.selector?.matchLabels ?? {}) as Record<string, string>);
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  const { items } = await kube.core.listNamespacedPod({ namespace, labelSelector });
  const pod = items.find((pod) => isReady(pod) && !pod.metadata?.deletionTimestamp)?.metadata?.name;
  const container = mountsOf(object, name).find(({ claim }) => claim !== "")?.container;
  if (pod === undefined || container === undefined) return undefined;
  try {
    const { stdout } = await execInPod(kube, namespace, pod, container, command, { timeout: 10_000 });
    return answer.parse(JSON.parse(stdout));
  } catch {
    // Another program, or one that lets nobody in: what its variables say has to be enough.
    return undefined;
  }
}
