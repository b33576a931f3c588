import { isObject, Secret, type Properties, type Value } from "./values";

/** Removes the secret strings of the inputs from a text, because errors may quote the values they are about. */
export function redact(text: string, inputs: Properties): string {
  return secretStrings(inputs).reduce((result, value) => result.replaceAll(value, "[secret]"), text);
}

function secretStrings(value: Value, hidden = false): string[] {
  if (value instanceof Secret) return secretStrings(value.value, true);
  // Shorter secrets would remove random letters from the text.
  if (typeof value === "string") return hidden && value.length >= 4 ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, hidden));
  return isObject(value) ? Object.values(value).flatMap((item) => secretStrings(item, hidden)) : [];
}
