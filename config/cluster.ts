import * as pulumi from "@pulumi/pulumi";
import { instanceLabel, switchedOffAnnotation } from "../plan/metadata";
import type { ClusterFacts, StoragePlan } from "../plan/types";
import { type Answer, type Api, openApi, patience } from "./api";
import { KubeconfigError } from "./kubeconfig";

const defaultAnnotations = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

interface ObjectList {
  items: { metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> }; allowVolumeExpansion?: boolean }[];
}

/**
 * The one look at the cluster that the program takes before it creates anything: which classes there are, and which
 * claims of this stack. Without an answer within five seconds nothing is created.
 * @throws RunError that says what of kubeconfig, context, connection or rights is wrong
 */
export async function readCluster({ cluster: { context }, owner }: Pick<StoragePlan, "cluster" | "owner">, api: Api): Promise<ClusterFacts> {
  const { server } = api;
  const claims = `/api/v1/persistentvolumeclaims?labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${instanceLabel(owner)}`)}`;
  const answers = await ask(api, ["/apis/storage.k8s.io/v1/storageclasses", claims]).catch((error: Error) => {
    throw new pulumi.RunError(`the cluster of context "${context}" at ${server} can't be reached (${error.message}); start it, or name another context in cluster-storage:cluster.context\nNothing was changed.`);
  });
  const [classList, claimList] = answers.map((answer) => understand(answer, context, server));
  return { classes: readClasses(classList), claims: readClaims(claimList) };
}

/** The stack's cluster. @throws RunError that says what of the kubeconfig is wrong */
export function locate({ context, kubeconfig }: StoragePlan["cluster"]): Api {
  try {
    return openApi(context, kubeconfig);
  } catch (error) {
    if (error instanceof KubeconfigError) throw new pulumi.RunError(`cluster-storage:cluster.${error.field}: ${error.message}\nNothing was changed.`);
    throw error;
  }
}

async function ask(api: Api, paths: string[]): Promise<Answer[]> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience).unref());
  return Promise.race([Promise.all(paths.map((path) => api.ask(path))), late]);
}

function understand({ status, body }: Answer, context: string, server: string): ObjectList {
  if (status === 401 || status === 403) {
    const what = status === 401 ? "doesn't know the credentials" : "doesn't let them list StorageClasses and claims, so they won't do for the rest either";
    throw new pulumi.RunError(`the cluster of context "${context}" at ${server} ${what}; renew them, or use a context with more rights\nNothing was changed.`);
  }
  if (status !== 200) throw new pulumi.RunError(`what answers at ${server} for context "${context}" is no Kubernetes API (status ${status})\nNothing was changed.`);
  return JSON.parse(body) as ObjectList;
}

function readClasses(list?: ObjectList): ClusterFacts["classes"] {
  return (list?.items ?? []).map(({ metadata: { name, annotations = {} }, allowVolumeExpansion = false }) => ({
    name,
    isDefault: defaultAnnotations.some((key) => annotations[key] === "true"),
    switchedOffBy: annotations[switchedOffAnnotation],
    expand: allowVolumeExpansion,
  }));
}

function readClaims(list?: ObjectList): ClusterFacts["claims"] {
  return (list?.items ?? []).map(({ metadata: { name, namespace = "", labels = {} } }) => ({ namespace, name, service: labels["app.kubernetes.io/name"] ?? "" }));
}
