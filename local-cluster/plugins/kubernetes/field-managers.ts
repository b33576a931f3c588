import { randomBytes } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../protocol/values";
import { annotation, metadataOf } from "./annotations";

/** The manager that creates objects, as in the official plugin. The first update takes its fields over. */
export const creator = "pulumi-kubernetes";
// The fields of these managers go to the next manager that applies the object.
const adopted = new Set([
  creator,
  "pulumi-kubernetes.exe",
  "pulumi-resource-kubernetes",
  "kubectl",
  "before-first-apply",
]);

/** Name under which a resource's fields are applied: the annotation, the one in the state, or a new one. */
export function fieldManagerOf(inputs: JsonObject, known = ""): string {
  return annotation(inputs, "pulumi.com/patchFieldManager") || known || `${creator}-${randomBytes(4).toString("hex")}`;
}

/**
 * JSON patch that hands the fields of earlier managers to `manager`, so that a field which leaves the inputs leaves
 * the object too. Undefined when there is nothing to hand over.
 */
export function adoption(live: JsonObject, manager: string): Json[] | undefined {
  const { managedFields, resourceVersion } = metadataOf(live);
  const entries = Array.isArray(managedFields) ? managedFields.filter(isJsonObject) : [];
  const given = entries.filter((entry) => isAdopted(entry, manager));
  if (given.length === 0) return undefined;
  const own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply" && !entry.subresource);
  const merged: JsonObject = {
    ...(own ?? given[0]),
    manager,
    operation: "Apply",
    fieldsV1: [own, ...given].reduce<JsonObject>((all, entry) => union(all, entry?.fieldsV1), {}),
  };
  const others = entries.filter((entry) => entry !== own && !given.includes(entry));
  return [
    { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
    { op: "replace", path: "/metadata/managedFields", value: [...others, merged] },
  ];
}

function isAdopted(entry: JsonObject, manager: string): boolean {
  if (entry.subresource || (entry.manager === manager && entry.operation === "Apply")) return false;
  return adopted.has(String(entry.manager)) && (entry.operation === "Update" || entry.manager === "kubectl");
}

function union(a: JsonObject, b: Json | undefined): JsonObject {
  if (!isJsonObject(b)) return a;
  const result: JsonObject = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = result[key];
    result[key] = isJsonObject(old) ? union(old, value) : value;
  }
  return result;
}

/** Whether a dry run must ignore who owns the fields, because the real run will take them over first. */
export function willBeAdopted(live: JsonObject): boolean {
  const { managedFields } = metadataOf(live);
  if (!Array.isArray(managedFields) || managedFields.length === 0) return true;
  return managedFields.some((entry) => isJsonObject(entry) && isAdopted(entry, ""));
}
