import { isMap, isScalar, parseDocument, stringify, type Pair, type Scalar, type YAMLMap } from "yaml";
import { UserError } from "../../model/user-error";

/** A value to write, or undefined to take the key out. */
export type Value = string | number | object | undefined;

/** The keys that a move or a rotation writes, in this order. */
const order = ["size", "backend", "class", "accessMode", "node", "generation", "from", "kept", "rotation"];

/** Keys that exclude each other: the one that is written takes the other's place. */
const instead: Record<string, string> = { backend: "class", class: "backend" };

/**
 * The YAML text with these keys of one map set or removed. Only the characters of these keys change; the rest of the
 * text stays as it is. Throws a UserError where `path` is no map.
 */
export function editMap(yaml: string, path: readonly string[], values: Record<string, Value>): string {
  const entries = Object.entries(values).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  // Parsed again for each key, because each edit moves the text behind it.
  return entries.reduce((text, [key, value]) => editKey(text, mapAt(text, path), key, value), yaml);
}

/** The map at `path`, as plain values. */
export function readMap(yaml: string, path: readonly string[]): unknown {
  return mapAt(yaml, path).toJS(parseDocument(yaml));
}

type Entry = Pair<Scalar<string>, { range: [number, number, number] } | null>;

function mapAt(yaml: string, path: readonly string[]): YAMLMap {
  const found = parseDocument(yaml).getIn(path, true);
  if (isMap(found) && found.range) return found;
  throw new UserError(
    `${path.slice(1).join(".")} is not a map of its own in the stack file (it may be an alias): write it out as a ` +
      "map, then run the same command again",
  );
}

function editKey(text: string, map: YAMLMap, key: string, value: Value): string {
  const there = find(map, key);
  if (value === undefined) return there ? remove(text, map, there) : text;
  const replaced = there ?? (instead[key] === undefined ? undefined : find(map, instead[key]));
  return replaced ? replace(text, replaced, key, inline(value)) : add(text, map, key, inline(value));
}

function replace(text: string, entry: Entry, key: string, value: string): string {
  const [from, to] = [start(entry), end(entry)];
  // The range of a block includes the line end.
  const written = text.slice(from, to);
  return splice(text, from, to, `${key}: ${value}${written.endsWith("\n") ? "\n" : ""}`);
}

/** Adds the key after the last of those that come before it in the usual order. */
function add(text: string, map: YAMLMap, key: string, value: string): string {
  const before = order.slice(0, order.indexOf(key)).map((name) => find(map, name));
  const anchor =
    before
      .filter((entry) => entry !== undefined)
      .sort((a, b) => end(a) - end(b))
      .at(-1) ?? (map.items.at(-1) as Entry | undefined);
  if (!anchor) return splice(text, map.range![0], map.range![1], `{ ${key}: ${value} }`);
  if (map.flow) return splice(text, end(anchor), end(anchor), `, ${key}: ${value}`);
  const column = start(anchor) - lineStart(text, start(anchor));
  const at = lineEnd(text, end(anchor));
  const line = `${" ".repeat(column)}${key}: ${value}`;
  return at === text.length && !text.endsWith("\n") ? `${text}\n${line}` : splice(text, at, at, `${line}\n`);
}

function remove(text: string, map: YAMLMap, entry: Entry): string {
  const entries = map.items as Entry[];
  const at = entries.indexOf(entries.find((other) => start(other) === start(entry))!);
  if (!map.flow)
    return at === 0
      ? removeFirst(text, entries, entry)
      : splice(text, lineStart(text, start(entry)), lineEnd(text, end(entry)), "");
  if (at > 0) return splice(text, end(entries[at - 1]!), end(entry), "");
  return entries[1] ? splice(text, start(entry), start(entries[1]), "") : splice(text, start(entry), end(entry), "");
}

/**
 * Removes the first key of a map. In a block, that key may share its line with what comes before it, such as
 * a list's dash.
 */
function removeFirst(text: string, entries: Entry[], entry: Entry): string {
  return splice(text, start(entry), entries[1] ? start(entries[1]) : end(entry), "");
}

function find(map: YAMLMap, key: string): Entry | undefined {
  return (map.items as Entry[]).find((entry) => isScalar(entry.key) && entry.key.value === key);
}

const start = (entry: Entry) => entry.key.range![0];
const end = (entry: Entry) => Math.max(entry.key.range![1], entry.value?.range?.[1] ?? 0);
const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;
const splice = (text: string, from: number, to: number, by: string) => text.slice(0, from) + by + text.slice(to);

/** The position after the line end that follows the text before `at`. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf("\n", text[at - 1] === "\n" ? at - 1 : at);
  return found < 0 ? text.length : found + 1;
}

const inline = (value: Exclude<Value, undefined>) =>
  stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
