import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "../kube/api";
import type { StoragePlan } from "../model/plan";
import { namedUses } from "../plan/named-objects";
import { neededAccess } from "./access";
import type { PreflightFacts, Questions } from "../model/preflight-facts";
import type { PlannedPod } from "../model/planned-pod";
import type { NodeFacts } from "../model/node-facts";
import { givenRights } from "./grants";
import { listCustomObjects } from "../kube/custom-objects";
import { list, metadataOnly } from "../kube/lists";
import { readApiServer } from "../kube/read/api-servers";
import { readClaim } from "../kube/read/claims";
import { readClass } from "../kube/read/classes";
import { definitionLists, readDefinition } from "../kube/read/definitions";
import { readLimitRange } from "../kube/read/limit-ranges";
import { readNamespace } from "../kube/read/namespaces";
import { readNamedObjects } from "../kube/read/named-objects";
import { readNode, readStats, type Summary } from "../kube/read/nodes";
import { nameOf } from "../kube/read/objects";
import { readProgram } from "../kube/read/programs";
import { type DeploymentItem, readProvisioner } from "../kube/read/provisioners";
import { readQuota } from "../kube/read/quotas";
import { readVolume } from "../kube/read/volumes";
import { tryAdmission } from "./admission/try";
import { readAccess, readGrants, reviewer } from "./review";
import { askCharts } from "./charts/ask";
import { askServer } from "./servers";

/**
 * Milliseconds within which a kubelet has to answer. A kubelet that hangs looks the same as one that is busy, and its
 * measurements aren't worth a longer wait.
 */
const kubeletPatience = 2000;

const deployed = readProgram("Deployment");

/**
 * Reads the facts that the checks need, all at once, and changes nothing.
 * @throws Error where the API server doesn't answer, or where what answers isn't a Kubernetes API
 */
export async function gatherFacts(
  api: Api,
  plan: StoragePlan,
  questions: Questions,
  pods: readonly PlannedPod[] = [],
): Promise<PreflightFacts> {
  const review = reviewer(api);
  const [
    version,
    access,
    grants,
    nodes,
    classes,
    claims,
    volumes,
    deployments,
    daemonSets,
    drivers,
    definitions,
    validating,
    mutating,
    namespaces,
    quotas,
    limitRanges,
    controlPlane,
    servers,
    charts,
    named,
    admission,
  ] = await Promise.all([
    readVersion(api),
    readAccess(review, neededAccess(plan)),
    readGrants(review, givenRights(plan)),
    gatherNodes(api, questions.kubelets ?? false),
    list(api, "classes", readClass),
    list(api, "claims", readClaim),
    list(api, "volumes", readVolume),
    list(api, "deployments", (item: DeploymentItem) => ({
      provisioners: readProvisioner(item),
      program: deployed(item),
    })),
    list(api, "daemonSets", readProgram("DaemonSet")),
    list(api, "drivers", nameOf, metadataOnly),
    list(api, "definitions", readDefinition, metadataOnly),
    list(api, "validatingWebhooks", nameOf, metadataOnly),
    list(api, "mutatingWebhooks", nameOf, metadataOnly),
    list(api, "namespaces", readNamespace),
    list(api, "quotas", readQuota),
    list(api, "limitRanges", readLimitRange),
    list(api, "controlPlane", readApiServer),
    Promise.all((questions.servers ?? []).map((host) => askServer(host))),
    askCharts(plan.backends),
    readNamedObjects(api, namedUses(plan)),
    tryAdmission(api, pods),
  ]);
  const kinds = definitions && definitionLists(definitions);
  const webhooks = validating && mutating && [...validating, ...mutating];
  return {
    server: { url: api.server, version },
    access,
    grants,
    nodes,
    classes,
    claims,
    volumes,
    provisioners: deployments?.flatMap(({ provisioners }) => provisioners),
    programs: deployments && daemonSets && [...deployments.map(({ program }) => program), ...daemonSets],
    drivers,
    ...kinds,
    customObjects: await listCustomObjects(api, questions.groups ?? [], kinds?.definitions),
    webhooks,
    namespaces,
    quotas,
    limitRanges: limitRanges?.flat(),
    apiServers: controlPlane?.flat(),
    servers,
    charts,
    ...(named.length > 0 && { named }),
    ...(pods.length > 0 && { admission }),
  };
}

async function readVersion(api: Api): Promise<string> {
  const { status, body } = await api.ask("/version");
  if (status === 401) throw new Error("it doesn't know this context's credentials");
  if (status !== 200) throw new Error(`what answers is not a Kubernetes API (status ${status})`);
  return (JSON.parse(body) as { gitVersion: string }).gitVersion;
}

/** The nodes; `withStats` also asks the kubelets of those that are Ready. */
async function gatherNodes(api: Api, withStats: boolean): Promise<NodeFacts[] | undefined> {
  const nodes = await list(api, "nodes", readNode);
  if (!withStats || !nodes) return nodes;
  return Promise.all(
    nodes.map(async (node) => ({
      ...node,
      stats: node.conditions.Ready === "True" ? await askKubelet(api, node.name) : undefined,
    })),
  );
}

async function askKubelet(api: Api, node: string): Promise<NodeFacts["stats"]> {
  const late = delay(kubeletPatience, undefined, { ref: false });
  const answer = await Promise.race([
    api.ask(`/api/v1/nodes/${node}/proxy/stats/summary`).catch(() => undefined),
    late,
  ]);
  return answer?.status === 200 ? readStats(JSON.parse(answer.body) as Summary) : undefined;
}
