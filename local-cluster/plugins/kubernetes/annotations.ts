import { isJsonObject, type JsonObject } from "../protocol/values";

export const autonamed = "pulumi.com/autonamed";
export const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

export function metadataOf(object: JsonObject): JsonObject {
  return isJsonObject(object.metadata) ? object.metadata : {};
}

export function nameOf(object: JsonObject): string {
  const { name } = metadataOf(object);
  return typeof name === "string" ? name : "";
}

export function namespaceOf(object: JsonObject): string {
  const { namespace } = metadataOf(object);
  return typeof namespace === "string" ? namespace : "";
}

export function annotation(object: JsonObject, key: string): string {
  const { annotations } = metadataOf(object);
  const value = isJsonObject(annotations) ? annotations[key] : undefined;
  return typeof value === "string" ? value : "";
}

export function isSet(object: JsonObject, key: string): boolean {
  return annotation(object, key).toLowerCase() === "true";
}

export const skipsAwait = (object: JsonObject): boolean => isSet(object, "pulumi.com/skipAwait");
export const forcesPatch = (object: JsonObject): boolean => isSet(object, "pulumi.com/patchForce");

/** Seconds to wait: from the resource option, else from the annotation, else the default. */
export function timeoutSeconds(option: number, inputs: JsonObject, fallback: number): number {
  if (option > 0) return option;
  const text = annotation(inputs, "pulumi.com/timeoutSeconds");
  return /^\d+$/.test(text) ? Number(text) : fallback;
}

export function deletionPropagation(inputs: JsonObject): "Foreground" | "Background" | "Orphan" {
  switch (annotation(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
