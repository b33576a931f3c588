import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "../protocol/values";

/** JSON merge patch (RFC 7386) that turns `before` into `after`; lists are replaced as a whole. */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(before)) if (!(key in after)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (isJsonObject(old) && isJsonObject(value)) {
      const inner = mergePatch(old, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!isDeepStrictEqual(old, value)) patch[key] = value;
  }
  return patch;
}
