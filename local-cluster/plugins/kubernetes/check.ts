import type { Autonaming, CheckRequest } from "../protocol/provider";
import { uniqueName } from "../protocol/unique-name";
import { parseUrn } from "../protocol/urn";
import { isObject, reveal, Unknown, type JsonObject, type Properties } from "../protocol/values";
import { autonamed, isSet, nameOf } from "./annotations";
import type { Cluster } from "./cluster";
import { kindOf } from "./kinds";
import { checkRelease, isRelease } from "./release";
import { markSecrets } from "./secrets";

/** The inputs as they will be sent: with a name and, where the provider has a default, a namespace. */
export async function check(request: CheckRequest, cluster: Cluster, defaultNamespace: string): Promise<Properties> {
  const { urn, news } = request;
  if (isRelease(urn)) return checkRelease(request);
  const kind = kindOf(urn, news);
  const named = kind.patch ? requireName(news) : withName(request);
  const inputs: Properties = {
    ...named,
    apiVersion: named.apiVersion ?? kind.apiVersion,
    kind: named.kind ?? kind.kind,
  };
  if (defaultNamespace === "" || !isObject(inputs.metadata) || inputs.metadata.namespace !== undefined) {
    return markSecrets(inputs, news);
  }
  const resource = await cluster.find(kind.apiVersion, kind.kind).catch(() => undefined);
  if (resource?.namespaced === false) return markSecrets(inputs, news);
  return markSecrets({ ...inputs, metadata: { ...inputs.metadata, namespace: defaultNamespace } }, news);
}

function requireName(news: Properties): Properties {
  if (hasName(news)) return news;
  throw new Error("a Patch resource needs metadata.name: the object whose fields it sets");
}

function withName({ urn, olds, news, randomSeed, autonaming }: CheckRequest): Properties {
  if (hasName(news)) return news;
  if (isObject(reveal(news.metadata ?? {})) && "generateName" in (reveal(news.metadata ?? {}) as Properties)) {
    throw new Error("metadata.generateName does not work with server-side apply; give metadata.name or neither");
  }
  const old = reveal(olds) as JsonObject;
  if (isSet(old, autonamed)) return named(news, nameOf(old));
  if (Object.keys(olds).length > 0) return news;
  return named(news, newName(parseUrn(urn).name, randomSeed, autonaming));
}

function newName(logicalName: string, seed: Uint8Array, autonaming: Autonaming | undefined): string {
  switch (autonaming?.mode) {
    case "disable":
      throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
    case "enforce":
    case "propose":
      return autonaming.proposedName;
    default:
      return uniqueName(`${logicalName}-`, seed);
  }
}

// Marks the name as chosen by this plugin, so that a replacement may get another one.
function named(news: Properties, name: string): Properties {
  const metadata = isObject(news.metadata) ? news.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  return { ...news, metadata: { ...metadata, name, annotations: { ...annotations, [autonamed]: "true" } } };
}

function hasName(news: Properties): boolean {
  const metadata = reveal(news.metadata ?? null);
  if (metadata instanceof Unknown) return true;
  if (!isObject(metadata)) return false;
  return metadata.name instanceof Unknown || (typeof metadata.name === "string" && metadata.name !== "");
}
