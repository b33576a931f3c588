import { ApiException, KubeConfig, KubernetesObjectApi, type KubernetesObject } from "@kubernetes/client-node";
import { contractCluster } from "./environment";

/** An object of any kind, with the fields that tests look at. */
export interface AnyObject extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  data?: Record<string, string>;
}

let api: KubernetesObjectApi | undefined;

function client(): KubernetesObjectApi {
  if (api) return api;
  const config = new KubeConfig();
  config.loadFromFile(contractCluster().kubeconfig);
  return (api = KubernetesObjectApi.makeApiClient(config));
}

/** The object, or nothing when the cluster has none of that name. `kind` as in `apps/v1/Deployment`. */
export async function find(kind: string, name: string, namespace?: string): Promise<AnyObject | undefined> {
  try {
    return (await client().read({ ...header(kind), metadata: { name, namespace: namespace as string } })) as AnyObject;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}

/** The objects of a kind in a namespace that a label selector names. */
export async function list(kind: string, namespace: string, selector: string): Promise<AnyObject[]> {
  const { apiVersion, kind: name } = header(kind);
  return (await client().list(apiVersion, name, namespace, undefined, undefined, undefined, undefined, selector))
    .items as AnyObject[];
}

/** Makes an object past Pulumi, as another user of the cluster would. */
export async function make(kind: string, object: object): Promise<AnyObject> {
  return (await client().create({ ...header(kind), ...object })) as AnyObject;
}

/** Changes an object past Pulumi. */
export async function change(
  kind: string,
  object: { metadata: { name: string; namespace?: string } } & object,
): Promise<void> {
  await client().patch({ ...header(kind), ...object });
}

/** Removes an object past Pulumi, without waiting; nothing where it isn't there. */
export async function unmake(kind: string, name: string, namespace?: string): Promise<void> {
  try {
    await client().delete({ ...header(kind), metadata: { name, namespace } });
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 404) throw error;
  }
}

function header(kind: string): { apiVersion: string; kind: string } {
  const slash = kind.lastIndexOf("/");
  return { apiVersion: kind.slice(0, slash), kind: kind.slice(slash + 1) };
}

/** Waits until `test` gives something, at most `seconds`. */
export async function until<T>(what: string, test: () => Promise<T | undefined | false>, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const result = await test();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let count = 0;

/** A name that no other run uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${process.pid.toString(36)}-${(count++).toString(36)}`;
}

/** A namespace for the tests of one `describe`, with everything in it removed afterwards. */
export function useNamespace(): () => string {
  let name: string;
  before(async () => {
    name = uniqueName("contract");
    await make("v1/Namespace", { metadata: { name } });
  });
  after(() => unmake("v1/Namespace", name));
  return () => name;
}
