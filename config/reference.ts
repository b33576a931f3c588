import type { Known } from "../model/known";
import { object } from "./fields";
import type { JsonSchema } from "./json-schema";
import { claimShape, serviceShape } from "./services";
import { jsonOf, sectionSchemas } from "./stack-schema";

/** The tables of docs/configuration.md, made from the schemas so that every key has a line. */

/** One key of the config. */
export interface Row {
  key: string;
  otherwise: string;
  description: string;
}

/** Every key of a schema, nested ones included. A key that the user names is `NAME`, an item of a list `[]`. */
function rowsOf(schema: JsonSchema, before = ""): Row[] {
  const { properties = {}, required = [], additionalProperties, items, anyOf = [] } = schema;
  const own = Object.entries(properties).flatMap(([name, inner]): Row[] => {
    const key = before === "" ? name : `${before}.${name}`;
    // A backend's type chooses the table.
    if ("const" in inner && name === "type") return [];
    const row = rowOf(key, inner, required.includes(name));
    // Kubernetes' own objects have too many keys for a table, and a page of their own.
    return inner.unlisted ? [row] : [row, ...rowsOf(inner, key)];
  });
  const entries = typeof additionalProperties === "object" ? rowsOf(additionalProperties, `${before}.NAME`) : [];
  return [
    ...own,
    ...entries,
    ...(items ? rowsOf(items, `${before}[]`) : []),
    ...anyOf.flatMap((form) => rowsOf(form, before)),
  ];
}

function rowOf(key: string, { description, default: value, otherwise }: JsonSchema, required: boolean): Row {
  if (!description) throw new Error(`the key ${key} of the stack config has no description in its schema`);
  return { key, otherwise: otherwise ?? (required ? "required" : describeDefault(value)), description };
}

function describeDefault(value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) return "none";
  return `\`${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}\``;
}

const cell = (text: string) => text.replaceAll("|", "\\|");

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ key, otherwise, description }) => `| \`${key}\` | ${cell(otherwise)} | ${cell(description)} |`,
  );
  return ["| key | default | meaning |", "|---|---|---|", ...lines].join("\n");
}

/** The rows of several holders in one table. A row that only some holders have says which ones. */
function merge(holders: readonly { name: string; rows: Row[] }[]): Row[] {
  const all = new Map(holders.flatMap(({ rows }) => rows).map((row) => [row.key, row]));
  return [...all.values()].map((row) => {
    const [having, lacking] = [true, false].map((has) =>
      holders.filter(({ rows }) => rows.some(({ key }) => key === row.key) === has).map(({ name }) => `\`${name}\``),
    ) as [string[], string[]];
    if (lacking.length === 0) return row;
    const whose = having.length <= lacking.length ? `Only of ${having.join(", ")}.` : `Not of ${lacking.join(", ")}.`;
    return { ...row, description: `${row.description} ${whose}` };
  });
}

/** The tables by the names of their places in the page. */
export function configTables(known: Known): Record<string, string> {
  const sections = sectionSchemas(known, []);
  const { cluster, defaults, tls, velero, mover, backups, access, nodeAccess, preflight, charts } = sections;
  const specs = [...known.services.values()];
  const services = specs.map((spec) => ({ name: spec.name, rows: rowsOf(jsonOf(object(serviceShape(spec)))) }));
  const claims = specs.flatMap((spec) =>
    spec.claims.map((claim) => ({
      name: claim.key ? `${spec.name}.${claim.key}` : spec.name,
      rows: rowsOf(jsonOf(object(claimShape(claim)))),
    })),
  );
  const backends = [...known.backends.values()].map(
    ({ type, schema }) =>
      `### \`type: ${type}\`\n\nMore: [${type}](backends/${type}.md).\n\n${tableOf(rowsOf(jsonOf(schema)))}`,
  );
  const nodes = [...known.nodes.values()].map(
    ({ type, schema }) => `### Nodes of \`type: ${type}\`\n\n${tableOf(rowsOf(jsonOf(schema)))}`,
  );
  return {
    cluster: tableOf(rowsOf(cluster!)),
    backends: backends.join("\n\n"),
    services: tableOf(merge(services)),
    claims: tableOf(merge(claims)),
    defaults: tableOf(rowsOf(defaults!)),
    tls: tableOf(rowsOf(tls!)),
    velero: tableOf(rowsOf(velero!)),
    mover: tableOf(rowsOf(mover!)),
    backups: tableOf(rowsOf(backups!)),
    access: tableOf(rowsOf(access!)),
    nodes: nodes.join("\n\n"),
    nodeAccess: tableOf(rowsOf(nodeAccess!)),
    preflight: tableOf(rowsOf(preflight!)),
    charts: tableOf(rowsOf(charts!)),
  };
}

/** Where a table stands in a page: between a comment that names it and a comment that ends it. */
const place = /(<!-- npm run schema: (\w+) -->\n)[^]*?(<!-- end of \2 -->)/g;

/** A page with its tables generated again. Throws where a table has no place in it, or a place has no table. */
export function fillPage(page: string, tables: Record<string, string>): string {
  const places = [...page.matchAll(place)].map(([, , name]) => name ?? "");
  const wrong = [
    ...Object.keys(tables).filter((name) => !places.includes(name)),
    ...places.filter((name) => !(name in tables)),
  ];
  if (wrong.length > 0) throw new Error(`these tables and their places in the page don't match: ${wrong.join(", ")}`);
  return page.replace(place, (_, start: string, name: string, end: string) => `${start}\n${tables[name]}\n\n${end}`);
}
