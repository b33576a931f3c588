import { get as httpGet } from "node:http";
import { get as httpsGet, type RequestOptions } from "node:https";
import * as pulumi from "@pulumi/pulumi";
import { instanceLabel, switchedOffAnnotation } from "../plan/metadata";
import type { ClusterFacts, StoragePlan } from "../plan/types";
import { findContext, kubeconfigFiles, KubeconfigError, requestOptions } from "./kubeconfig";

const defaultAnnotations = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
const patience = 5000;

interface ObjectList {
  items: { metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> }; allowVolumeExpansion?: boolean }[];
}

interface Answer {
  status: number;
  body: string;
}

/**
 * The one look at the cluster that the program takes before it creates anything: which classes there are, and which
 * claims of this stack. Without an answer within five seconds nothing is created.
 * @throws RunError that says what of kubeconfig, context, connection or rights is wrong
 */
export async function readCluster({ cluster: { context, kubeconfig }, owner }: Pick<StoragePlan, "cluster" | "owner">): Promise<ClusterFacts> {
  const connection = locate(context, kubeconfig);
  const { server } = connection.cluster;
  const claims = `/api/v1/persistentvolumeclaims?labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${instanceLabel(owner)}`)}`;
  const answers = await ask(server, connection, ["/apis/storage.k8s.io/v1/storageclasses", claims]).catch((error: Error) => {
    throw new pulumi.RunError(`the cluster of context "${context}" at ${server} can't be reached (${error.message}); start it, or name another context in cluster-storage:cluster.context\nNothing was changed.`);
  });
  const [classList, claimList] = answers.map((answer) => understand(answer, context, server));
  return { classes: readClasses(classList), claims: readClaims(claimList) };
}

function locate(context: string, kubeconfig: string | undefined) {
  try {
    return findContext(context, kubeconfigFiles(kubeconfig, process.env));
  } catch (error) {
    if (error instanceof KubeconfigError) throw new pulumi.RunError(`cluster-storage:cluster.${error.field}: ${error.message}\nNothing was changed.`);
    throw error;
  }
}

async function ask(server: string, connection: Parameters<typeof requestOptions>[0], paths: string[]): Promise<Answer[]> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience).unref());
  const base = server.replace(/\/$/, "");
  const asked = requestOptions(connection).then((options) => Promise.all(paths.map((path) => fetchText(new URL(base + path), options))));
  return Promise.race([asked, late]);
}

function fetchText(url: URL, options: RequestOptions): Promise<Answer> {
  const get = url.protocol === "http:" ? httpGet : httpsGet;
  return new Promise((resolve, reject) => {
    const request = get(url, { ...options, agent: false, timeout: patience }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${patience / 1000} s`)));
    request.on("error", (error) => reject(error.message ? error : new Error((error as NodeJS.ErrnoException).code)));
  });
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
