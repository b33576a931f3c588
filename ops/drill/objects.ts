import type {
  V1Namespace,
  V1NetworkPolicy,
  V1NetworkPolicyEgressRule,
  V1PersistentVolumeClaim,
  V1ResourceQuota,
  V1Service,
} from "@kubernetes/client-node";
import { notForVeleroLabel } from "../../model/metadata";
import { parseQuantity } from "../../model/quantity";
import { aliveAnnotation, drillLabel, drillMetadata, partLabel, recordAnnotation, type Ground } from "./names";

/** What a drill's namespace has beside the copies of services. Pure. */

const podSecurity = "pod-security.kubernetes.io/";
const levels = ["restricted", "baseline", "privileged"];

/**
 * The namespace. `like`: those of the services whose copies it has; it enforces the least of what these enforce, so
 * that each service's pod is let in.
 */
export function namespaceOf(
  { namespace, run }: Ground,
  { like, key }: { like: readonly V1Namespace[]; key: string },
): V1Namespace {
  const enforced = like.map(({ metadata }) => metadata?.labels?.[`${podSecurity}enforce`] ?? "privileged");
  const level = levels.findLast((each) => enforced.includes(each)) ?? "restricted";
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: namespace,
      labels: { [drillLabel]: run, [notForVeleroLabel]: "true", [`${podSecurity}enforce`]: level },
      annotations: { [aliveAnnotation]: "0", [recordAnnotation]: key },
    },
  };
}

/** What copies may take at most: their claims, two pods of each service, and nothing that is reached from outside. */
export function quotaOf(ground: Ground, sizes: readonly string[], services: number): V1ResourceQuota {
  const bytes = sizes.reduce((sum, size) => sum + (parseQuantity(size) ?? 0), 0);
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: drillMetadata(ground, "drill"),
    spec: {
      hard: {
        "requests.storage": String(bytes),
        persistentvolumeclaims: String(sizes.length),
        pods: String(services * 2),
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    },
  };
}

/**
 * Closes the namespace: copies reach each other, and nothing reaches them from elsewhere. Pods that restore reach the
 * repository too. `backups`: what the stack's backups may reach.
 */
export function policiesOf(ground: Ground, backups: V1NetworkPolicyEgressRule[] = []): V1NetworkPolicy[] {
  const policy = (name: string, spec: V1NetworkPolicy["spec"]): V1NetworkPolicy => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: drillMetadata(ground, name),
    spec,
  });
  const here = [{ podSelector: {} }];
  return [
    policy("closed", {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ _from: here }],
      egress: [{ to: here }],
    }),
    policy("restores", {
      podSelector: { matchLabels: { [partLabel]: "restore" } },
      policyTypes: ["Egress"],
      egress: backups,
    }),
  ];
}

/**
 * A claim of the name, size and class of the service's own, so that the service's pod finds it by its name. `made`:
 * names of classes whose volumes are made on request; of another class a person makes the volumes, and the cluster's
 * default takes its place.
 */
export function claimLike(
  ground: Ground,
  claim: V1PersistentVolumeClaim,
  made: ReadonlySet<string>,
): V1PersistentVolumeClaim {
  const { accessModes, storageClassName = "" } = claim.spec ?? {};
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: drillMetadata(ground, claim.metadata?.name ?? ""),
    spec: {
      accessModes,
      resources: { requests: { storage: sizeOf(claim) } },
      ...(made.has(storageClassName) && { storageClassName }),
    },
  };
}

/** What a claim asks for. */
export const sizeOf = ({ spec }: V1PersistentVolumeClaim): string => String(spec?.resources?.requests?.storage ?? "0");

/** The Service under whose name the others of the stack find a copy. */
export const serviceLike = (ground: Ground, { metadata, spec }: V1Service): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: drillMetadata(ground, metadata?.name ?? ""),
  spec: {
    selector: { ...spec?.selector, [drillLabel]: ground.run },
    ports: (spec?.ports ?? []).map(({ name, port, protocol, targetPort }) => ({ name, port, protocol, targetPort })),
  },
});
