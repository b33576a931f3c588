import * as pulumi from "@pulumi/pulumi";
import type { ClaimFact, ClusterFacts } from "../model/cluster-facts";
import type { ClusterPlan } from "../model/plan";
import { type Answer, type Api, openApi, patience } from "./api";
import {
  type ClaimList,
  type ClassList,
  type NodeList,
  readClaims,
  readClasses,
  readIdentity,
  readNodes,
} from "./facts";
import { KubeconfigError } from "./kubeconfig";

const paths = {
  classes: "/apis/storage.k8s.io/v1/storageclasses",
  claims: "/api/v1/persistentvolumeclaims",
  system: "/api/v1/namespaces/kube-system",
  nodes: "/api/v1/nodes",
};

/**
 * The one look at the cluster that the program takes before it creates anything: which one it is, and which classes and
 * claims are there; `asksForNodes`: whether these claims leave something to be asked of the nodes. Without an answer within five seconds nothing is created.
 * @throws RunError that says what of kubeconfig, context, connection or rights is wrong
 */
export async function readCluster(
  { context }: Pick<ClusterPlan, "context">,
  api: Api,
  asksForNodes: (claims: ClaimFact[]) => boolean,
): Promise<ClusterFacts> {
  const { server } = api;
  const [classes, claims, system] = await ask(api, [paths.classes, paths.claims, paths.system]).catch(
    (error: Error) => {
      throw new pulumi.RunError(
        `the cluster of context "${context}" at ${server} can't be reached (${error.message}); start it, or ` +
          `name another context in cluster-storage:cluster.context\nNothing was changed.`,
      );
    },
  );
  const understood = <List>(answer?: Answer) => understand(answer ?? { status: 0, body: "" }, context, server) as List;
  const found = readClaims(understood<ClaimList>(claims));
  return {
    classes: readClasses(understood<ClassList>(classes)),
    claims: found,
    ...(asksForNodes(found) && (await askNodes(api))),
    // Who may not read that namespace loses one safeguard, and nothing else.
    uid: system?.status === 200 ? readIdentity(JSON.parse(system.body)) : undefined,
  };
}

/** The stack's cluster. @throws RunError that says what of the kubeconfig is wrong */
export function locate({ context, kubeconfig }: ClusterPlan): Api {
  try {
    return openApi(context, kubeconfig);
  } catch (error) {
    if (error instanceof KubeconfigError)
      throw new pulumi.RunError(`cluster-storage:cluster.${error.field}: ${error.message}\nNothing was changed.`);
    throw error;
  }
}

async function ask(api: Api, paths: string[]): Promise<Answer[]> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience).unref(),
  );
  return Promise.race([Promise.all(paths.map((path) => api.ask(path))), late]);
}

/** Who may not read the nodes loses one safeguard, and nothing else. */
async function askNodes(api: Api): Promise<Pick<ClusterFacts, "nodes">> {
  const [answer] = await ask(api, [paths.nodes]).catch(() => []);
  return answer?.status === 200 ? { nodes: readNodes(JSON.parse(answer.body) as NodeList) } : {};
}

function understand({ status, body }: Answer, context: string, server: string): unknown {
  if (status === 401 || status === 403) {
    const what =
      status === 401
        ? "doesn't know the credentials"
        : "doesn't let them list StorageClasses and claims, so they won't do for the rest either";
    throw new pulumi.RunError(
      `the cluster of context "${context}" at ${server} ${what}; renew them, or use a context with more ` +
        `rights\nNothing was changed.`,
    );
  }
  if (status !== 200)
    throw new pulumi.RunError(
      `what answers at ${server} for context "${context}" is no Kubernetes API (status ${status})\nNothing ` +
        "was changed.",
    );
  return JSON.parse(body);
}
