import { reveal, type JsonObject, type Properties } from "../protocol/values";
import { isSet } from "./annotations";
import { holds } from "./awaits/fields";
import { Unreachable } from "./client";
import type { Context } from "./context";

const key = "pulumi.com/replaceUnready";

/**
 * The reason to replace a Job that has the annotation and is not complete now; a running Job is not complete. Otherwise
 * empty. As in the official plugin, only Jobs are replaced: on any other kind the annotation only causes a warning.
 */
export async function unreadyReasons(
  inputs: Properties,
  live: JsonObject,
  { cluster, warnOnce }: Context,
): Promise<string[]> {
  const object = reveal(inputs) as JsonObject;
  if (!isSet(object, key)) return [];
  if (object.kind !== "Job") {
    warnOnce(`${key}: only a Job is replaced when it isn't ready, not a ${String(object.kind)}`);
    return [];
  }
  try {
    return holds(await cluster.get(live), "Complete") ? [] : [`.metadata.annotations["${key}"]`];
  } catch (error) {
    if (error instanceof Unreachable) warnOnce(`${error.message}: whether a Job has to be replaced was not looked at`);
    return []; // a refresh, not a diff, reports a Job that is gone
  }
}
