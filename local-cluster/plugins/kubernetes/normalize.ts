import { isObject, reveal, Secret, Unknown, type Properties, type Value } from "../protocol/values";

const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Inputs in a form in which different notations of the same value are equal. For comparing, not for sending. */
export function normalize(inputs: Properties): Properties {
  const object = reveal(inputs) as Properties;
  const normalized = { ...object };
  if (isObject(object.metadata)) {
    normalized.metadata = Object.fromEntries(
      Object.entries(object.metadata).filter(([key]) => !readOnlyMetadata.includes(key)),
    );
  }
  delete normalized.status;
  return object.kind === "Secret" && object.apiVersion === "v1" ? encodedSecret(normalized) : normalized;
}

// The API server keeps a Secret's stringData as base64 in data.
function encodedSecret(object: Properties): Properties {
  const { stringData, ...rest } = object;
  if (!isObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, base64(value)] as const);
  return { ...rest, data: { ...(isObject(rest.data) ? rest.data : {}), ...Object.fromEntries(encoded) } };
}

function base64(value: Value): Value {
  if (value instanceof Unknown) return value;
  return Buffer.from(String(value)).toString("base64");
}

/**
 * The part of a live object that its inputs set. The API server leaves out fields with empty values (false, 0, "", [],
 * {}), so such a field stays as the inputs have it.
 */
export function pruneTo(live: Value, shape: Value): Value {
  if (shape instanceof Secret) return pruneTo(live, shape.value);
  if (isObject(live) && isObject(shape)) {
    const spoken = Object.keys(shape).filter((key) => key in live || isZero(shape[key]));
    return Object.fromEntries(spoken.map((key) => [key, key in live ? pruneTo(live[key], shape[key]) : shape[key]]));
  }
  if (Array.isArray(live) && Array.isArray(shape) && live.length === shape.length) {
    return live.map((item, index) => pruneTo(item, shape[index]));
  }
  return live;
}

function isZero(value: Value): boolean {
  if (value instanceof Secret) return isZero(value.value);
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) ? Object.keys(value).length === 0 : value === false || value === 0 || value === "";
}
