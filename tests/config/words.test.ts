import assert from "node:assert/strict";
import { parseConfig } from "../../config/parse";
import { jsonOf } from "../../config/stack-schema";
import type { JsonSchema } from "../../config/json-schema";
import { serviceSchema } from "../../config/services";
import { clusterSchema, moverSchema, preflightSchema } from "../../config/sections";
import { known } from "../../known";

/** A value of each type that YAML has. */
const values: readonly unknown[] = [[], ["x"], [[1]], {}, { x: 1 }, { x: { y: null } }, 7, 1.5, "x", "", true, null];

/** What zod says by itself. */
const zodsOwn = /Invalid (input|option|key|value|element)|Invalid$|expected .*received|Unrecognized|Too (small|big)/;

/** Every place in a schema, as a config that has a value there and nothing else. */
function places({
  properties = {},
  additionalProperties,
  items,
  anyOf = [],
}: JsonSchema): ((value: unknown) => unknown)[] {
  const inside = (inner: JsonSchema, wrap: (value: unknown) => unknown) =>
    places(inner).map((place) => (value: unknown) => wrap(place(value)));
  return [
    (value) => value,
    (value) => ({ unknownKey: value }),
    ...Object.entries(properties).flatMap(([key, inner]) => inside(inner, (value) => ({ [key]: value }))),
    ...(typeof additionalProperties === "object" ? inside(additionalProperties, (value) => ({ name: value })) : []),
    ...(items ? inside(items, (value) => [value]) : []),
    ...anyOf.flatMap((form) => places(form)),
  ];
}

/** The messages on a section with a wrong value at every place of its schema. */
function messages(schema: JsonSchema, section: (value: unknown) => Record<string, unknown>): string[] {
  const owner = { project: "cluster-storage", stack: "test" };
  return places(schema).flatMap((place) =>
    values.flatMap((value) =>
      parseConfig({ owner, values: section(place(value)) }, known).faults.map(
        ({ path, message }) => `${path}: ${message} (${JSON.stringify(value)})`,
      ),
    ),
  );
}

describe("whatever stands in a stack's config, zod's own words reach nobody:", () => {
  const holds = (title: string, schema: JsonSchema, section: (value: unknown) => Record<string, unknown>) =>
    it(title, () => {
      const said = messages(schema, section);
      assert.ok(said.length > values.length, "nothing was refused");
      assert.deepEqual(
        [...new Set(said)].filter((message) => zodsOwn.test(message)),
        [],
      );
    });

  for (const spec of known.services.values())
    holds(`service ${spec.name}`, jsonOf(serviceSchema(spec)), (value) => ({ services: { [spec.name]: value } }));
  for (const { type, schema } of known.backends.values())
    holds(`backend ${type}`, jsonOf(schema), (value) => ({
      backends: { name: typeof value === "object" && !Array.isArray(value) ? { type, ...value } : value },
    }));
  const sections = { cluster: clusterSchema, mover: moverSchema, preflight: preflightSchema(known.checks) };
  for (const [name, schema] of Object.entries(sections))
    holds(`section ${name}`, jsonOf(schema), (value) => ({ [name]: value }));
  for (const name of ["protect", "backends", "services"])
    holds(`section ${name} as a whole`, {}, (value) => ({ [name]: value, elsewhere: value }));
});
