import { isDeepStrictEqual } from "node:util";
import { isObject, Secret, Unknown, type Value } from "./values";

export type Path = (string | number)[];

export interface Change {
  path: Path;
  kind: "add" | "delete" | "update";
  /** Whether this change can only be made by replacing the resource. */
  replace: boolean;
}

/** The leaves in which two values differ. An added or removed subtree is one change, at its top. */
export function changesBetween(before: Value, after: Value, path: Path = []): Change[] {
  const a = bare(before);
  const b = bare(after);
  if (isObject(a) && isObject(b)) return objectChanges(a, b, path);
  if (Array.isArray(a) && Array.isArray(b)) return arrayChanges(a, b, path);
  if (!(b instanceof Unknown) && isDeepStrictEqual(a, b)) return [];
  return [{ path, kind: "update", replace: false }];
}

function objectChanges(before: Record<string, Value>, after: Record<string, Value>, path: Path): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => childChanges(before[key], after[key], [...path, key]));
}

function arrayChanges(before: Value[], after: Value[], path: Path): Change[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => childChanges(before[index], after[index], [...path, index])).flat();
}

function childChanges(before: Value | undefined, after: Value | undefined, path: Path): Change[] {
  // JSON null and an absent field mean the same to the API server.
  if (absent(before)) return absent(after) ? [] : [{ path, kind: "add", replace: false }];
  if (absent(after)) return [{ path, kind: "delete", replace: false }];
  return changesBetween(before as Value, after as Value, path);
}

function absent(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

function bare(value: Value): Value {
  return value instanceof Secret ? bare(value.value) : value;
}

/** Pulumi's notation of a property path: `spec.containers[0].image`, `metadata.labels["a.b/c"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** The reverse of `formatPath`; `[*]` becomes the element "*". */
export function parsePath(text: string): Path {
  const parts: Path = [];
  for (const match of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|([^.[\]]+)/g)) {
    const [, quoted, index, name] = match;
    if (quoted !== undefined) parts.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined) parts.push(index === "*" ? "*" : Number(index));
    else parts.push(name);
  }
  return parts;
}

/** Whether `path` is at or below `pattern`, in which "*" stands for any one element. */
export function isWithin(path: Path, pattern: Path): boolean {
  return path.length >= pattern.length && pattern.every((part, index) => part === "*" || part === path[index]);
}
