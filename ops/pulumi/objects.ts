import type { Deployment } from "./state";

/** A Kubernetes object that a state records. */
export interface StateObject {
  urn: string;
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
  /** When it was made, as an ISO time. */
  created?: string;
}

interface Outputs {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: Partial<Record<"name" | "namespace" | "uid" | "creationTimestamp", unknown>>;
}

/** The objects of a state that have a uid. A patch is of somebody else's object, and a Helm release is none. */
export function objectsOf({ resources = [] }: Deployment): StateObject[] {
  return resources.flatMap(({ urn, type, outputs = {} }): StateObject[] => {
    const { apiVersion, kind, metadata = {} } = outputs as Outputs;
    const { name, namespace, uid, creationTimestamp } = metadata;
    if (!type.startsWith("kubernetes:") || type.endsWith("Patch")) return [];
    if (!isText(apiVersion) || !isText(kind) || !isText(name) || !isText(uid)) return [];
    return [
      {
        urn,
        apiVersion,
        kind,
        name,
        uid,
        ...(isText(namespace) && { namespace }),
        ...(isText(creationTimestamp) && { created: creationTimestamp }),
      },
    ];
  });
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** `Kind namespace/name`, or `Kind name`. */
export const objectName = ({ kind, namespace, name }: Pick<StateObject, "kind" | "namespace" | "name">): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;

/** Up to three names, and how many more there are. */
export function objectNames(objects: readonly Pick<StateObject, "kind" | "namespace" | "name">[]): string {
  const more = objects.length > 3 ? ` and ${objects.length - 3} more` : "";
  return `${objects.slice(0, 3).map(objectName).join(", ")}${more}`;
}

/** The identity of the cluster that a state's last update went to; undefined where it isn't known. */
export function deployedTo({ resources = [] }: Deployment): string | undefined {
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const { uid } = (stack?.outputs?.cluster ?? {}) as { uid?: unknown };
  return isText(uid) ? uid : undefined;
}
