import {
  containsSecret,
  isJsonObject,
  isObject,
  Secret,
  secret,
  type Properties,
  type Value,
} from "../protocol/values";
import { lastApplied } from "./annotations";

/**
 * Marks as secret what was secret in `inputs`, and all data of a Secret. `plain` is the API server's answer, or inputs
 * derived from it, in which nothing is marked.
 */
export function markSecrets(plain: Properties, inputs: Properties): Properties {
  const marked = mark(plain, inputs) as Properties;
  if (plain.kind !== "Secret") return marked;
  for (const key of ["data", "stringData"]) if (key in marked) marked[key] = secret(marked[key]);
  return marked;
}

function mark(plain: Value, inputs: Value | undefined): Value {
  if (inputs === undefined) return plain;
  if (inputs instanceof Secret) return secret(plain);
  if (isObject(plain) && isObject(inputs)) {
    return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, mark(value, inputs[key])]));
  }
  if (Array.isArray(plain) && Array.isArray(inputs) && plain.length === inputs.length) {
    return plain.map((item, index) => mark(item, inputs[index]));
  }
  return containsSecret(inputs) ? secret(plain) : plain;
}

/**
 * A live object without the parts that the state must not hold: kubectl's copy of the whole object, and the records of
 * the field managers.
 */
export function withoutCopies(live: Properties): Properties {
  if (!isObject(live.metadata)) return live;
  const { managedFields: _, ...metadata } = live.metadata;
  if (isJsonObject(metadata.annotations) && lastApplied in metadata.annotations) {
    const { [lastApplied]: __, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  return { ...live, metadata };
}
