import { changesBetween, isWithin, parsePath, type Change, type Path } from "../protocol/diff";
import type { DiffRequest, DiffResult } from "../protocol/provider";
import { isObject, Secret, Unknown, type JsonObject, type Properties, type Value } from "../protocol/values";
import { autonamed, isSet, nameOf, namespaceOf } from "./annotations";
import { parseCheckpoint } from "./checkpoint";
import type { Context } from "./context";
import { replaces, replacingPaths } from "./diff-rules";
import { kindOf } from "./kinds";
import { normalize } from "./normalize";
import { unreadyReasons } from "./replace-unready";

/**
 * Compares old with new inputs. It sends a request only for a Job that is to be replaced while it isn't ready.
 * It sees drift only after a refresh, which rewrites the old inputs.
 */
export async function diff(request: DiffRequest, context: Context): Promise<DiffResult> {
  const { live, inputs } = parseCheckpoint(request.olds, request.oldInputs);
  const before = withNamespace(normalize(inputs), live);
  const after = withNamespace(normalize(request.news), live);
  const ignored = request.ignoreChanges.map(parsePath);
  const raw = changesBetween(before, after).filter((change) => !ignored.some((path) => isWithin(change.path, path)));
  const found = await withoutEqualQuantities(raw, before, after);

  const rules = replacingPaths(after as JsonObject, kindOf(request.urn, after).patch, context.settings);
  const changes = found.map((change): Change => ({
    ...change,
    replace: replaces(change.path, rules) || mayReplace(change.path, rules, before, after),
  }));
  const replaceReasons = await unreadyReasons(request.news, live, context);
  const replaced = replaceReasons.length > 0 || changes.some((change) => change.replace);
  return { changes, replaceReasons, deleteBeforeReplace: replaced && mustDeleteFirst(after as JsonObject, live) };
}

// An unknown value may lack a field that can't be changed in place. The engine asks with unknown values about resources
// that depend on an object that is deleted before its replacement exists.
function mayReplace(path: Path, rules: Path[], before: Value, after: Value): boolean {
  const value = valueAt(after, path);
  if (!((value instanceof Secret ? value.value : value) instanceof Unknown)) return false;
  return rules.some((rule) => isWithin(rule, path) && valueAt(before, rule) !== undefined);
}

// Two objects of one kind can't have the same name, so an explicitly named one is deleted before it is replaced.
function mustDeleteFirst(after: JsonObject, live: JsonObject): boolean {
  return !isSet(after, autonamed) && nameOf(after) === nameOf(live) && namespaceOf(after) === namespaceOf(live);
}

// An object that was declared without a namespace is in one all the same.
function withNamespace(inputs: Properties, live: JsonObject): Properties {
  if (namespaceOf(live) === "" || !isObject(inputs.metadata) || inputs.metadata.namespace) return inputs;
  return { ...inputs, metadata: { ...inputs.metadata, namespace: "default" } };
}

const quantityKeys = new Set(["requests", "limits", "capacity", "hard", "sizeLimit", "overhead", "divisor"]);

// The API server writes 1024Mi as 1Gi. After a refresh, that must not look like a change.
async function withoutEqualQuantities(changes: Change[], before: Value, after: Value): Promise<Change[]> {
  const candidates = changes.filter((change) => change.path.some((part) => quantityKeys.has(String(part))));
  if (candidates.length === 0) return changes;
  const { quantityToScalar } = await import("@kubernetes/client-node/dist/util.js");
  const scalar = (value: Value | undefined): number | bigint | undefined => {
    try {
      return typeof value === "string" || typeof value === "number" ? quantityToScalar(String(value)) : undefined;
    } catch {
      return undefined;
    }
  };
  const equal = ({ path }: Change): boolean => {
    const [a, b] = [scalar(valueAt(before, path)), scalar(valueAt(after, path))];
    return a !== undefined && b !== undefined && Number(a) === Number(b);
  };
  return changes.filter((change) => !candidates.includes(change) || !equal(change));
}

function valueAt(value: Value | undefined, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((at, part) => {
    if (Array.isArray(at)) return at[Number(part)];
    return isObject(at) ? at[String(part)] : undefined;
  }, value);
}
