import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BareApi } from "./api-server";

interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

interface Schema {
  properties?: object;
  additionalProperties?: unknown;
  "x-kubernetes-group-version-kind"?: GroupVersionKind[];
}

/** What the API server says of one group and version. */
interface OpenApi {
  components: { schemas: Record<string, Schema> };
}

interface KindOf {
  apiVersion?: string;
  kind?: string;
}

/**
 * Writes the API server's own schema of each kind among `objects` as `kubeconform -schema-location` reads it,
 * strict. A kind that the server doesn't have gets none, so kubeconform refuses the object.
 * Returns the value of that option.
 */
export async function writeSchemas(api: BareApi, objects: KindOf[], directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const { paths } = await api.get<{ paths: Record<string, { serverRelativeURL: string }> }>("/openapi/v3");
  const versions = new Set(objects.map(({ apiVersion }) => apiVersion ?? ""));
  for (const apiVersion of versions) {
    const found = paths[apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`];
    if (!found) continue;
    const document = await api.get<OpenApi>(found.serverRelativeURL);
    const kinds = new Set(objects.filter((object) => object.apiVersion === apiVersion).map(({ kind }) => kind ?? ""));
    for (const kind of kinds) {
      const schema = kindSchema(document, apiVersion, kind);
      if (schema) await writeFile(join(directory, fileName(apiVersion, kind)), JSON.stringify(schema));
    }
  }
  return join(directory, "{{.ResourceKind}}{{.KindSuffix}}.json");
}

/** Kubeconform takes the kind in lower case, the group's first label and the version. */
function fileName(apiVersion: string, kind: string): string {
  const [group = "", version] = apiVersion.split("/");
  const suffix = version ? `${group.split(".")[0]}-${version}` : group;
  return `${kind}-${suffix}.json`.toLowerCase();
}

/**
 * One kind out of an OpenAPI v3 document, as a JSON schema that holds everything it refers to.
 * Undefined where the document doesn't have the kind.
 */
function kindSchema(
  { components: { schemas } }: OpenApi,
  apiVersion: string,
  kind: string,
): (Schema & OpenApi) | undefined {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const isKind = (name: string) =>
    schemas[name]?.["x-kubernetes-group-version-kind"]?.some(
      (known) => known.group === group && known.version === version && known.kind === kind,
    );
  const root = Object.keys(schemas).find(isKind);
  if (!root) return undefined;
  const strict = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]));
  return { ...strict[root], components: { schemas: strict } };
}

/**
 * An object with known fields takes no others; the schemas have nested objects by reference only.
 * OpenAPI wraps a reference that has a description into `allOf`, whose errors kubeconform doesn't detail.
 */
function closed(schema: Schema): Schema {
  const unwrapped = JSON.parse(JSON.stringify(schema), (_key, value) =>
    value?.allOf?.length === 1 ? value.allOf[0] : value,
  ) as Schema;
  return unwrapped.properties && unwrapped.additionalProperties === undefined
    ? { ...unwrapped, additionalProperties: false }
    : unwrapped;
}
