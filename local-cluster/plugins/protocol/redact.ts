import { isObject, Secret, type Properties, type Value } from "./values";

/** A text without the secret strings of the inputs, for errors that quote what they complain about. */
export function redact(text: string, inputs: Properties): string {
  return secretStrings(inputs).reduce((result, value) => result.replaceAll(value, "[secret]"), text);
}

function secretStrings(value: Value, hidden = false): string[] {
  if (value instanceof Secret) return secretStrings(value.value, true);
  // Shorter ones would take random letters out of the text.
  if (typeof value === "string") return hidden && value.length >= 4 ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, hidden));
  return isObject(value) ? Object.values(value).flatMap((item) => secretStrings(item, hidden)) : [];
}
