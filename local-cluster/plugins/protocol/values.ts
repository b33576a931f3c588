/** What a resource property can be. Beside JSON there are secrets and values that a preview can't know yet. */
export type Value = null | boolean | number | string | Secret | Unknown | Value[] | Properties;
export interface Properties {
  [key: string]: Value;
}
/** The same without secrets, for sending to an API. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export class Secret {
  constructor(readonly value: Value) {}
}

/** A value that is only known after an `up`. It keeps the engine's marker, which tells the value's type. */
export class Unknown {
  constructor(readonly marker: string) {}
}

export function isObject(value: unknown): value is Properties {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function secret(value: Value): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

/** The value with every secret at any depth unwrapped. Unknown values stay. */
export function reveal(value: Value): Value {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return mapValues(value, reveal);
  return value;
}

/** As `reveal`, for a value that certainly holds no unknown values. */
export function revealObject(value: Value): JsonObject {
  return reveal(value) as JsonObject;
}

export function containsUnknown(value: Value): boolean {
  return contains(value, (item) => item instanceof Unknown);
}

export function containsSecret(value: Value): boolean {
  return contains(value, (item) => item instanceof Secret);
}

function contains(value: Value, test: (item: Value) => boolean): boolean {
  if (test(value)) return true;
  if (value instanceof Secret) return contains(value.value, test);
  if (Array.isArray(value)) return value.some((item) => contains(item, test));
  return isObject(value) && Object.values(value).some((item) => contains(item, test));
}

export function mapValues<A, B>(object: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
