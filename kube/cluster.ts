import * as pulumi from "@pulumi/pulumi";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
import type { ClusterPlan } from "../model/plan";
import { type Answer, type Api, openApi, patience } from "./api";
import { KubeconfigError } from "./kubeconfig-error";
import { list, listPaths, metadataOnly, readList } from "./lists";
import { type EndpointsItem, readPorts } from "./read/api-servers";
import { readClaim } from "./read/claims";
import { readClass } from "./read/classes";
import { definitionLists, readDefinition } from "./read/definitions";
import { readNode } from "./read/nodes";
import { createdOf, type Item } from "./read/objects";
import { readVolume } from "./read/volumes";

/** The namespace whose uid is the cluster's identity: every cluster has it, and it is never recreated. */
const systemPath = "/api/v1/namespaces/kube-system";

/** Of the API servers. */
const endpointsPath = "/api/v1/namespaces/default/endpoints/kubernetes";

/**
 * Reads what the plan is compared with before anything is created: the cluster's identity, its classes, its claims and
 * its volumes.
 * `asksForNodes` says whether, with these claims, the nodes have to be read too, and `asksForDefinitions` whether the
 * custom resource definitions have to.
 * @throws RunError that says what is wrong with the connection or the rights, also without an answer in fifteen seconds
 */
export async function readCluster(
  { context }: Pick<ClusterPlan, "context">,
  api: Api,
  asksForNodes: (claims: ClaimFacts[]) => boolean,
  asksForDefinitions = false,
): Promise<ClusterFacts> {
  const { server } = api;
  const paths = [listPaths.classes, listPaths.claims, listPaths.volumes, systemPath, listPaths.apiEndpoints];
  const [classes, claims, volumes, system, endpoints] = await ask(api, paths).catch((error: Error) => {
    if (error instanceof KubeconfigError) throw refusalOf(error);
    throw new pulumi.RunError(
      `the cluster of context "${context}" at ${server} can't be reached (${error.message}); start it, or ` +
        `name another context in cluster-storage:cluster.context\nNothing was changed.`,
    );
  });
  const understood = (answer?: Answer) => understand(answer ?? { status: 0, body: "" }, context, server);
  const found = readList(understood(claims), readClaim);
  return {
    classes: readList(understood(classes), readClass),
    claims: found,
    // Without the right to list the volumes, the guards say what they can't tell.
    ...(volumes?.status === 200 && { volumes: readList(volumes.body, readVolume) }),
    server,
    // Without the right to read them, the plan goes by the ports that are usual and the kubeconfig's.
    ...(await readApiPorts(api, endpoints)),
    ...(asksForNodes(found) && (await askNodes(api))),
    ...(asksForDefinitions && (await askDefinitions(api))),
    // Without the right to read that namespace one safeguard is missing, and nothing else.
    ...(system?.status === 200 && identityOf(JSON.parse(system.body) as Item)),
  };
}

const identityOf = (item: Item): Pick<ClusterFacts, "uid" | "made"> => {
  const made = createdOf(item);
  return { uid: item.metadata?.uid, ...(made !== undefined && { made }) };
};

/**
 * The stack's cluster.
 * @throws RunError that says what is wrong with the kubeconfig
 */
export function locate({ context, kubeconfig }: ClusterPlan): Api {
  try {
    return openApi(context, kubeconfig);
  } catch (error) {
    throw error instanceof KubeconfigError ? refusalOf(error) : error;
  }
}

const refusalOf = ({ field, message }: KubeconfigError) =>
  new pulumi.RunError(`cluster-storage:cluster.${field}: ${message}\nNothing was changed.`);

/** The server has little time to answer. A program that logs in has all the time that it needs. */
async function ask(api: Api, paths: string[]): Promise<Answer[]> {
  await api.ready?.();
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience).unref(),
  );
  return Promise.race([Promise.all(paths.map((path) => api.ask(path))), late]);
}

/** By the slices, or by what there was before them: some roles allow that only. */
async function readApiPorts(api: Api, slices?: Answer): Promise<Pick<ClusterFacts, "apiPorts">> {
  if (slices?.status === 200) return { apiPorts: readList(slices.body, readPorts).flat() };
  const [answer] = await ask(api, [endpointsPath]).catch(() => []);
  return answer?.status === 200 ? { apiPorts: readPorts(JSON.parse(answer.body) as EndpointsItem) } : {};
}

/** Without the right to read the nodes one safeguard is missing, and nothing else. */
async function askNodes(api: Api): Promise<Pick<ClusterFacts, "nodes">> {
  const [answer] = await ask(api, [listPaths.nodes]).catch(() => []);
  return answer?.status === 200 ? { nodes: readList(answer.body, readNode) } : {};
}

/** Without the right to list the definitions, charts leave none of them out. */
async function askDefinitions(api: Api): Promise<Pick<ClusterFacts, "releases">> {
  const found = await list(api, "definitions", readDefinition, metadataOnly).catch(() => undefined);
  return found ? { releases: definitionLists(found).releases } : {};
}

/** The answer's text. Throws where the answer isn't from a Kubernetes API, or where the API refuses the request. */
function understand({ status, body }: Answer, context: string, server: string): string {
  const cluster = `the cluster of context "${context}" at ${server}`;
  if (status === 401)
    throw new pulumi.RunError(
      `${cluster} doesn't know this context's credentials; renew them, or name another context in ` +
        "cluster-storage:cluster.context\nNothing was changed.",
    );
  if (status === 403)
    throw new pulumi.RunError(
      `${cluster} refuses: these credentials may not list StorageClasses or claims; use a context with more ` +
        "rights in cluster-storage:cluster.context\nNothing was changed.",
    );
  if (status === 429 || status >= 500)
    throw new pulumi.RunError(
      `${cluster} can't answer now (status ${status}): it is overloaded or starting; try again when kubectl ` +
        `--context ${context} get --raw /readyz says ok\nNothing was changed.`,
    );
  if (status !== 200)
    throw new pulumi.RunError(
      `what answers at ${server} for context "${context}" is not a Kubernetes API (status ${status}); correct the ` +
        "server in the kubeconfig, or name another context in cluster-storage:cluster.context\nNothing was changed.",
    );
  return body;
}
