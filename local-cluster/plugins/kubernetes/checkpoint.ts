import { isObject, reveal, type JsonObject, type Properties } from "../protocol/values";
import { nameOf, namespaceOf } from "./annotations";
import { markSecrets, withoutCopies } from "./secrets";

// The names under which the official plugin keeps its own data in the state, so that a stack can change plugins.
const inputsKey = "__inputs";
const versionKey = "__initialApiVersion";
const managerKey = "__fieldManager";

/** What the state keeps of an object: the API server's copy, the inputs that led to it, and the field manager. */
export function checkpoint(live: JsonObject, inputs: Properties, fieldManager: string): Properties {
  const outputs = markSecrets(withoutCopies(live), inputs);
  return {
    ...outputs,
    [inputsKey]: markSecrets(reveal(inputs) as Properties, inputs),
    [versionKey]: String(live.apiVersion),
    [managerKey]: fieldManager,
  };
}

export interface Checkpoint {
  live: JsonObject;
  inputs: Properties;
  fieldManager: string;
}

export function parseCheckpoint(state: Properties, oldInputs: Properties): Checkpoint {
  const { [inputsKey]: inputs, [versionKey]: _, [managerKey]: fieldManager, ...live } = state;
  return {
    live: reveal(live) as JsonObject,
    inputs: isObject(inputs) ? inputs : oldInputs,
    fieldManager: typeof fieldManager === "string" ? fieldManager : "",
  };
}

/** Pulumi ID of an object: `namespace/name`, or `name` where there is no namespace. */
export function idOf(object: JsonObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}
