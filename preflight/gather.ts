import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "../kube/api";
import type { StoragePlan } from "../model/plan";
import { neededAccess } from "./access";
import type { PreflightFacts, Questions } from "../model/preflight-facts";
import type { NodeFacts } from "../model/node-facts";
import { givenRights } from "./grants";
import { readProvisioner } from "../kube/read/installed";
import { readNode, readStats, type Summary } from "../kube/read/nodes";
import { nameOf } from "../kube/read/objects";
import { readLimitRange, readNamespace, readQuota } from "../kube/read/policies";
import { readClaim, readClass, readVolume } from "../kube/read/storage";
import { readAccess, readGrants, reviewer } from "./review";
import { askServer } from "./servers";

/** An answer with names and labels alone: definitions are megabytes in full. */
const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/**
 * How long kubelets have, in milliseconds: one that hangs is told from one that is busy by nobody, and not worth
 * waiting for.
 */
const kubeletPatience = 2000;

/**
 * Reads what the checks go by, all at once. Nothing is changed.
 * @throws Error where the API server doesn't answer, or with something that is no Kubernetes API
 */
export async function gatherFacts(api: Api, plan: StoragePlan, questions: Questions): Promise<PreflightFacts> {
  const review = reviewer(api);
  const [
    version,
    access,
    grants,
    nodes,
    classes,
    claims,
    volumes,
    provisioners,
    drivers,
    definitions,
    validating,
    mutating,
    namespaces,
    quotas,
    limitRanges,
    servers,
  ] = await Promise.all([
    readVersion(api),
    readAccess(review, neededAccess(plan)),
    readGrants(review, givenRights(plan)),
    gatherNodes(api, questions.kubelets ?? false),
    list(api, "/apis/storage.k8s.io/v1/storageclasses", readClass),
    list(api, "/api/v1/persistentvolumeclaims", readClaim),
    list(api, "/api/v1/persistentvolumes", readVolume),
    list(api, "/apis/apps/v1/deployments", readProvisioner),
    list(api, "/apis/storage.k8s.io/v1/csidrivers", nameOf, metadataOnly),
    list(api, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", nameOf, metadataOnly),
    list(api, "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", nameOf, metadataOnly),
    list(api, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", nameOf, metadataOnly),
    list(api, "/api/v1/namespaces", readNamespace),
    list(api, "/api/v1/resourcequotas", readQuota),
    list(api, "/api/v1/limitranges", readLimitRange),
    Promise.all((questions.servers ?? []).map((host) => askServer(host))),
  ]);
  const webhooks = validating && mutating && [...validating, ...mutating];
  return {
    server: { url: api.server, version },
    access,
    grants,
    nodes,
    classes,
    claims,
    volumes,
    provisioners: provisioners?.flat(),
    drivers,
    definitions,
    webhooks,
    namespaces,
    quotas,
    limitRanges: limitRanges?.flat(),
    servers,
  };
}

async function readVersion(api: Api): Promise<string> {
  const { status, body } = await api.ask("/version");
  if (status === 401) throw new Error("it doesn't know the credentials");
  if (status !== 200) throw new Error(`it is no Kubernetes API: status ${status}`);
  return (JSON.parse(body) as { gitVersion: string }).gitVersion;
}

/** Undefined where it may not be read. */
async function list<Read, Facts>(
  api: Api,
  path: string,
  read: (item: Read) => Facts,
  accept?: string,
): Promise<Facts[] | undefined> {
  const { status, body } = await api.ask(path, { accept });
  return status === 200 ? ((JSON.parse(body) as { items: Read[] | null }).items ?? []).map(read) : undefined;
}

/** The nodes; `withStats` also asks the kubelets of those that are Ready. */
async function gatherNodes(api: Api, withStats: boolean): Promise<NodeFacts[] | undefined> {
  const nodes = await list(api, "/api/v1/nodes", readNode);
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
