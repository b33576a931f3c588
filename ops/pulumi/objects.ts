import type { Deployment } from "./state";

/** A Kubernetes object that a state records. */
export interface StateObject {
  urn: string;
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** Absent where the state keeps it secret, as it does for all that it records of a Secret. */
  uid?: string;
  /** When it was made, as an ISO time; absent like the uid. */
  created?: string;
}

interface Recorded {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: Partial<Record<"name" | "namespace" | "uid" | "creationTimestamp", unknown>>;
}

/** The objects of a state. A patch is of somebody else's object, and a Helm release is none. */
export function objectsOf({ resources = [] }: Deployment): StateObject[] {
  return resources.flatMap(({ urn, type, inputs = {}, outputs = {} }): StateObject[] => {
    const { apiVersion, kind, metadata: wanted = {} } = inputs as Recorded;
    const { metadata: live = {} } = outputs as Recorded;
    const [name, namespace] = [live.name ?? wanted.name, live.namespace ?? wanted.namespace];
    if (!type.startsWith("kubernetes:") || type.endsWith("Patch")) return [];
    if (!isText(apiVersion) || !isText(kind) || !isText(name)) return [];
    return [
      {
        urn,
        apiVersion,
        kind,
        name,
        ...(isText(namespace) && { namespace }),
        ...(isText(live.uid) && { uid: live.uid }),
        ...(isText(live.creationTimestamp) && { created: live.creationTimestamp }),
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
