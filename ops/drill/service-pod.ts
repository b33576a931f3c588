import type { V1Container, V1Pod, V1PodSpec, V1PodTemplateSpec, V1Volume } from "@kubernetes/client-node";
import { drillMetadata, partLabel, type Ground } from "./names";

/** A service's pod in a drill's namespace. Pure. */

export interface Copied {
  workload: { kind: "Deployment" | "StatefulSet"; name: string };
  template: V1PodTemplateSpec;
  /** Names of the claims that the copy has. */
  claims: readonly string[];
  /** Volumes of the pod's own that have claims of their names in the drill. */
  directories: readonly string[];
  /** The claims that a StatefulSet makes from templates, by their volumes. */
  templates: readonly { volume: string; claim: string }[];
  /** Addresses of other copies, by the names under which the stack's services find them. */
  hosts: ReadonlyMap<string, string>;
}

const instance = "app.kubernetes.io/instance";
/** Velero would run its hooks in a pod with these. */
const foreign = /velero\.io\//;

/** The name of a service's pod in a drill. */
export const podName = ({ kind, name }: Copied["workload"]) => (kind === "StatefulSet" ? `${name}-0` : name);

/**
 * The service's own pod, with the claims of the drill's namespace, which have the names of its own. What it looks for
 * by the name of another service it finds at that one's copy, whatever the cluster's DNS says.
 */
export function copiedPod(
  ground: Ground,
  { workload, template, claims, directories, templates, hosts }: Copied,
): V1Pod {
  const { metadata, spec } = structuredClone(template);
  const { [instance]: _, ...labels } = metadata?.labels ?? {};
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(([name]) => !foreign.test(name));
  const name = podName(workload);
  const aliases = [...hosts].map(([host, ip]) => ({ ip, hostnames: namesOf(host) }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...drillMetadata(ground, name, { ...labels, [partLabel]: "service" }),
      annotations: Object.fromEntries(annotations),
    },
    spec: {
      ...ofCopy(spec),
      ...(workload.kind === "StatefulSet" && { hostname: name }),
      hostAliases: [...(spec?.hostAliases ?? []), ...aliases],
      // It knows no other name, so that it finds nothing else even where nobody enforces NetworkPolicies.
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["127.0.0.1"] },
      volumes: [
        ...(spec?.volumes ?? []).map((volume) => ofDrill(volume, claims, directories)),
        ...templates.map(({ volume, claim }) => ({ name: volume, persistentVolumeClaim: { claimName: claim } })),
      ],
    },
  };
}

/**
 * A copy takes no other pod's place. It has the processor's time that is left, and asks for none, so that it finds room
 * beside its service on a small machine. Its memory it needs.
 */
function ofCopy(spec: V1PodSpec | undefined): V1PodSpec {
  const {
    priorityClassName: _class,
    priority: _priority,
    preemptionPolicy: _policy,
    ...own
  } = spec ?? { containers: [] };
  const lighter = (container: V1Container): V1Container => {
    const { requests = {}, limits = {} } = container.resources ?? {};
    // Without a request the limit would be one.
    const asks = "cpu" in requests || "cpu" in limits;
    const own = asks ? { ...requests, cpu: "10m" } : requests;
    return { ...container, resources: { ...container.resources, requests: own } };
  };
  return {
    ...own,
    containers: own.containers.map(lighter),
    ...(own.initContainers && { initContainers: own.initContainers.map(lighter) }),
  };
}

/** `NAME.NAMESPACE.svc.cluster.local`, and its shorter forms. */
function namesOf(host: string): string[] {
  const [name, namespace] = host.split(".");
  return [host, `${name}.${namespace}.svc`, `${name}.${namespace}`];
}

/** A claim that the point doesn't have is another's data, which a drill leaves alone. */
function ofDrill(volume: V1Volume, claims: readonly string[], directories: readonly string[]): V1Volume {
  if (directories.includes(volume.name))
    return { name: volume.name, persistentVolumeClaim: { claimName: volume.name } };
  const claim = volume.persistentVolumeClaim?.claimName;
  return claim === undefined || claims.includes(claim) ? volume : { name: volume.name, emptyDir: {} };
}

/** The Secrets and ConfigMaps that a pod asks for by name. */
export function referencesOf(spec: V1PodSpec | undefined): { secrets: string[]; configMaps: string[] } {
  const [secrets, configMaps] = [new Set<string>(), new Set<string>()];
  const add = (to: Set<string>, name: string | undefined) => name !== undefined && to.add(name);
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      add(secrets, valueFrom?.secretKeyRef?.name);
      add(configMaps, valueFrom?.configMapKeyRef?.name);
    }
    for (const { secretRef, configMapRef } of container.envFrom ?? []) {
      add(secrets, secretRef?.name);
      add(configMaps, configMapRef?.name);
    }
  }
  for (const { secret, configMap, projected } of spec?.volumes ?? []) {
    add(secrets, secret?.secretName);
    add(configMaps, configMap?.name);
    for (const source of projected?.sources ?? []) {
      add(secrets, source.secret?.name);
      add(configMaps, source.configMap?.name);
    }
  }
  for (const { name } of spec?.imagePullSecrets ?? []) add(secrets, name);
  return { secrets: [...secrets], configMaps: [...configMaps] };
}
