import type { Json, JsonObject } from "../../protocol/values";
import { annotation } from "../annotations";
import { count, field, items } from "./fields";
import type { ReadinessCheck } from "./types";

/**
 * Readiness from the annotation pulumi.com/waitFor: `condition=Type[=Status]`, `jsonpath={.a.b}[=value]`, or a JSON
 * list of them.
 */
export function customReadiness(inputs: JsonObject): ReadinessCheck | undefined {
  const text = annotation(inputs, "pulumi.com/waitFor");
  if (text === "") return undefined;
  const expressions = text.trimStart().startsWith("[") ? (JSON.parse(text) as string[]) : [text];
  const tests = expressions.map((expression) => ({ expression, test: parseExpression(expression) }));
  return async ({ live }) => {
    const unmet = tests.filter(({ test }) => !test(live)).map(({ expression }) => expression);
    return { ready: unmet.length === 0, progress: `Waiting for ${unmet.join(" and ")}` };
  };
}

const same = (a: unknown, b: string) => String(a).toLowerCase() === b.toLowerCase();

/** Whether what a controller wrote is about the object as it is now; a controller that says nothing is believed. */
const isCurrent = (live: JsonObject, observed: Json | undefined) =>
  typeof observed !== "number" || observed >= count(live, "metadata", "generation");

function parseExpression(expression: string): (live: JsonObject) => boolean {
  const byCondition = /^condition=([^=]+)(?:=(.*))?$/.exec(expression);
  if (byCondition) {
    const [, type, status = "True"] = byCondition;
    return (live) => {
      const found = items(live, "status", "conditions").find((entry) => same(entry.type, type));
      const observed = found?.observedGeneration ?? field(live, "status", "observedGeneration");
      return found !== undefined && isCurrent(live, observed) && same(found.status, status);
    };
  }
  const byPath = /^jsonpath=\{?\.?((?:[\w-]+|\[\d+\]|\.)+)\}?(?:=(.*))?$/.exec(expression);
  if (!byPath) throw new Error(`pulumi.com/waitFor: the stand-in plugin does not understand "${expression}"`);
  const [, path, wanted] = byPath;
  const steps = [...path.matchAll(/[\w-]+/g)].map(([step]) => step);
  return (live) => {
    if (!isCurrent(live, field(live, "status", "observedGeneration"))) return false;
    const value = steps.reduce<Json | undefined>(
      (at, step) => (at as Record<string, Json> | null | undefined)?.[step],
      live,
    );
    return wanted === undefined ? value !== undefined : String(value) === wanted;
  };
}
