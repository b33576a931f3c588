import type { NamedObject } from "../../model/container-settings";
import type { NamedObjectFacts } from "../../model/preflight-facts";
import type { Api } from "../api";

const kinds = { Secret: "secrets", ConfigMap: "configmaps" };

interface KeyedItem {
  data?: object;
  binaryData?: object;
}

/** The names of the keys alone: no value stays. */
const keysOf = ({ data = {}, binaryData = {} }: KeyedItem) => [...Object.keys(data), ...Object.keys(binaryData)];

async function read(api: Api, namespace: string, { kind, name }: NamedObject): Promise<NamedObjectFacts> {
  const { status, body } = await api.ask(`/api/v1/namespaces/${namespace}/${kinds[kind]}/${name}`);
  const object = { kind, namespace, name };
  if (status === 404) return { ...object, there: false };
  return status === 200 ? { ...object, there: true, keys: keysOf(JSON.parse(body) as KeyedItem) } : object;
}

/** Each of these Secrets and ConfigMaps once, as far as it may be read. */
export function readNamedObjects(
  api: Api,
  wanted: readonly (NamedObject & { namespace: string })[],
): Promise<NamedObjectFacts[]> {
  const once = new Map(wanted.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one]));
  return Promise.all([...once.values()].map((one) => read(api, one.namespace, one)));
}
