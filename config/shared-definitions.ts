import type { JsonSchema } from "./json-schema";

/** A schema with fewer characters than this isn't shared: a definition of its own would save nothing. */
const worthSharing = 120;

type Properties = Record<string, JsonSchema>;

/**
 * A JSON Schema in which a property's schema that occurs in several places is stated once, in `definitions`, by the
 * property's name. `otherwise`, which says what holds when a key is left out, is added to the description, where
 * editors show it.
 */
export function share(schema: JsonSchema): JsonSchema {
  const told = tellDefaults(schema);
  const times = new Map<string, number>();
  visit(told, (properties) => {
    for (const each of Object.values(properties)) times.set(text(each), (times.get(text(each)) ?? 0) + 1);
  });
  const names = new Map<string, string>();
  const definitions: Properties = {};
  visit(told, (properties) => {
    for (const [key, each] of Object.entries(properties)) {
      const of = text(each);
      if (of.length < worthSharing || (times.get(of) ?? 0) < 2) continue;
      const name = names.get(of) ?? freeName(key, definitions);
      names.set(of, name);
      definitions[name] = each;
    }
  });
  const refer = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(refer);
    if (each === null || typeof each !== "object") return each;
    const name = names.get(text(each));
    return name === undefined ? inside(each) : { $ref: `#/definitions/${name}` };
  };
  const inside = (each: object) => Object.fromEntries(Object.entries(each).map(([key, value]) => [key, refer(value)]));
  const shared = Object.fromEntries(Object.entries(definitions).map(([name, each]) => [name, inside(each)]));
  return { ...inside(told), definitions: shared };
}

const text = (schema: unknown) => JSON.stringify(schema) ?? "";

function freeName(key: string, taken: Properties): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? key : `${key}-${i}`;
    if (!(name in taken)) return name;
  }
}

/** Calls `see` with the properties of every object in a schema, the outer ones first. */
function visit(schema: unknown, see: (properties: Properties) => void): void {
  if (schema === null || typeof schema !== "object") return;
  const { properties } = schema as JsonSchema;
  if (properties && typeof properties === "object") see(properties);
  for (const inner of Object.values(schema)) visit(inner, see);
}

function tellDefaults<Value>(schema: Value): Value {
  if (Array.isArray(schema)) return schema.map(tellDefaults) as Value;
  if (schema === null || typeof schema !== "object") return schema;
  const { otherwise, unlisted: _, ...rest } = schema as JsonSchema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, tellDefaults(value)]));
  if (typeof otherwise === "string") inner.description = `${rest.description} Default: ${otherwise}.`;
  return inner as Value;
}
