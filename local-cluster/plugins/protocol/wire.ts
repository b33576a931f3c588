import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import {
  isObject,
  mapValues,
  Secret,
  Unknown,
  type Json,
  type JsonObject,
  type Properties,
  type Value,
} from "./values";

// Pulumi's wire format is a protobuf Struct in which special values are objects or strings with fixed signatures.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The marker of an unknown string. The engine uses it for every unknown whose type it doesn't know. */
export const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownMarkers = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

export function decode(struct: Struct | undefined): Properties {
  if (!struct) return {};
  return mapValues(struct.toJavaScript() as JsonObject, fromWire);
}

export function encode(properties: Properties): Struct {
  return Struct.fromJavaScript(mapValues(withoutUndefined(properties), toWire) as JsonObject);
}

export function fromWire(value: Json): Value {
  if (typeof value === "string") return unknownMarkers.has(value) ? new Unknown(value) : value;
  if (Array.isArray(value)) return value.map(fromWire);
  if (!isObject(value)) return value;
  const object = value as JsonObject;
  switch (object[signatureKey]) {
    case secretSignature:
      return new Secret(fromWire(object.value ?? null));
    case outputSignature:
      return fromOutput(object);
    default:
      return mapValues(object, fromWire);
  }
}

function fromOutput(object: JsonObject): Value {
  const value = "value" in object ? fromWire(object.value) : new Unknown(unknownString);
  return object.secret === true ? new Secret(value) : value;
}

export function toWire(value: Value): Json {
  if (value instanceof Secret) return { [signatureKey]: secretSignature, value: toWire(value.value) };
  if (value instanceof Unknown) return value.marker;
  if (Array.isArray(value)) return value.map((item) => toWire(item ?? null));
  if (isObject(value)) return mapValues(withoutUndefined(value), toWire);
  return value;
}

function withoutUndefined(object: Properties): Properties {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
