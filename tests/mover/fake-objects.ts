import { randomUUID } from "node:crypto";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects of every kind, as they come
export type KubeObject = Record<string, any>;

export const podsPath = ({ metadata }: KubeObject) => `/api/v1/namespaces/${metadata.namespace}/pods`;
export const podPath = (pod: KubeObject) => `${podsPath(pod)}/${pod.metadata.name}`;

/** A workload's pod on the only node, with the claims of its templates. */
function podSpec({ metadata, spec }: KubeObject): KubeObject {
  const claims = (spec.volumeClaimTemplates ?? []).map((claim: KubeObject) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${metadata.name}-0` },
  }));
  return { ...spec.template.spec, nodeName: "node-1", volumes: [...(spec.template.spec.volumes ?? []), ...claims] };
}

export function fail(code: number, reason: string, message: string): never {
  throw [code, reason, message];
}

/** A JSON merge patch: null removes, lists are replaced. */
export function merge(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const result: KubeObject = { ...(typeof target === "object" && !Array.isArray(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

/** What the workloads' controllers and the kubelet do with the objects, at once. `ready`: whether pods become so. */
export function reconcile(
  objects: Map<string, KubeObject>,
  { ready: become, podStatus }: { ready: boolean; podStatus: (spec: KubeObject) => KubeObject },
): void {
  for (const [path, workload] of objects) {
    if (!/\/(deployments|statefulsets)\//.test(path)) continue;
    const { name, namespace, generation } = workload.metadata;
    const pod = `/api/v1/namespaces/${namespace}/pods/${name}-0`;
    const spec = podSpec(workload);
    if (workload.spec.replicas === 0) objects.delete(pod);
    else if (JSON.stringify(objects.get(pod)?.spec) !== JSON.stringify(spec))
      objects.set(pod, {
        metadata: {
          name: `${name}-0`,
          namespace,
          uid: randomUUID(),
          labels: workload.spec.template.metadata?.labels ?? workload.spec.selector.matchLabels,
        },
        spec,
        status: podStatus(spec),
      });
    const { replicas } = workload.spec;
    const ready = become && objects.get(pod)?.status.phase === "Running" ? replicas : 0;
    workload.status = { observedGeneration: generation, replicas, readyReplicas: ready, updatedReplicas: replicas };
  }
}

/** What a request sends; undefined where it sends nothing. */
export async function bodyOf(request: AsyncIterable<unknown>): Promise<KubeObject | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as KubeObject) : undefined;
}

/** The claim that a pod has as this volume. */
export const claimIn = ({ spec }: KubeObject, volume: string): string =>
  spec.volumes.find(({ name }: KubeObject) => name === volume).persistentVolumeClaim.claimName;

/** The status of a pod that answers at this address. */
export const readyAt = (podIP: string) => ({
  phase: "Running",
  podIP,
  conditions: [{ type: "Ready", status: "True" }],
});
