import type { LiveObject, ManagedFields } from "./types";

type Fields = { [key: string]: Fields };

/** Field managers that keep their fields: the cluster's own components and volume provisioners. */
const controllers = /^kube-|^kubelet$|controller|provisioner|^external-|^csi-/;

/**
 * The object's field managers after everything that people and their tools set has been handed to `manager`. The next
 * update then removes from the object what the program doesn't have. Undefined if nothing has to change.
 * `planned`: hands over only the fields that it has, so that additions of others stay. Without it, all fields are
 * handed over.
 */
export function handOver(live: LiveObject, manager: string, planned?: object): ManagedFields[] | undefined {
  const entries = live.metadata.managedFields ?? [];
  const given = entries.filter((entry) => isGiven(entry, manager));
  if (given.length === 0) return undefined;
  const own = entries.find((entry) => isOwn(entry, manager));
  const parts = given.map((entry) => split((entry.fieldsV1 ?? {}) as Fields, planned));
  const merged = parts.reduce((all, { ours }) => union(all, ours), (own?.fieldsV1 ?? {}) as Fields);
  if (Object.keys(merged).length === 0) return undefined;
  const rest = given
    .map((entry, i) => ({ ...entry, fieldsV1: parts[i]?.theirs }))
    .filter(({ fieldsV1 = {} }) => Object.keys(fieldsV1).length > 0);
  const others = entries.filter((entry) => entry !== own && !given.includes(entry));
  const taken: ManagedFields = {
    apiVersion: live.apiVersion,
    fieldsType: "FieldsV1",
    ...own,
    manager,
    operation: "Apply",
    fieldsV1: merged,
  };
  return [...others, ...rest, taken];
}

/** The manager with which Pulumi already applies the object; undefined if Pulumi never did. */
export function pulumiManager({ metadata }: LiveObject): string | undefined {
  return metadata.managedFields?.find(
    ({ operation, manager }) => operation === "Apply" && manager?.startsWith("pulumi-"),
  )?.manager;
}

const isOwn = (entry: ManagedFields, manager: string) =>
  entry.manager === manager && entry.operation === "Apply" && !entry.subresource;

function isGiven(entry: ManagedFields, manager: string): boolean {
  return !entry.subresource && !isOwn(entry, manager) && !controllers.test(entry.manager ?? "");
}

/**
 * A field's key is `f:NAME`. List elements and sets have other keys; they are handed over with the list
 * that contains them.
 */
function split(fields: Fields, planned: unknown): { ours: Fields; theirs: Fields } {
  if (planned === undefined) return { ours: fields, theirs: {} };
  const ours: Fields = {};
  const theirs: Fields = {};
  for (const [key, below] of Object.entries(fields)) {
    const value = key.startsWith("f:") ? (planned as Record<string, unknown> | null)?.[key.slice(2)] : undefined;
    if (value === undefined) theirs[key] = below;
    else if (isMap(value) && Object.keys(below).length > 0) place(key, split(below, value), ours, theirs);
    else ours[key] = below;
  }
  return { ours, theirs };
}

function place(key: string, part: { ours: Fields; theirs: Fields }, ours: Fields, theirs: Fields): void {
  if (Object.keys(part.ours).length > 0) ours[key] = part.ours;
  if (Object.keys(part.theirs).length > 0) theirs[key] = part.theirs;
}

function union(a: Fields, b: Fields): Fields {
  const result = { ...a };
  for (const [key, below] of Object.entries(b)) result[key] = result[key] ? union(result[key], below) : below;
  return result;
}

const isMap = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
