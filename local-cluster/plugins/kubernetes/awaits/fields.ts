import { isJsonObject, type Json, type JsonObject } from "../../protocol/values";

/** The field at a path, where every step is an object. */
export function field(object: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), object);
}

export function count(object: JsonObject, ...path: string[]): number {
  const value = field(object, ...path);
  return typeof value === "number" ? value : 0;
}

export function items(object: Json | undefined, ...path: string[]): JsonObject[] {
  const value = field(object, ...path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function condition(object: JsonObject, type: string): JsonObject | undefined {
  return items(object, "status", "conditions").find((entry) => entry.type === type);
}

export function holds(object: JsonObject, type: string): boolean {
  return condition(object, type)?.status === "True";
}

/** Whether the controller has seen the latest change of the object. */
export function isObserved(object: JsonObject): boolean {
  return count(object, "status", "observedGeneration") >= count(object, "metadata", "generation");
}

export function uidOf(object: JsonObject): Json | undefined {
  return field(object, "metadata", "uid");
}

export function isOwnedBy(object: JsonObject, uid: Json | undefined): boolean {
  return items(object, "metadata", "ownerReferences").some((owner) => owner.uid === uid);
}
