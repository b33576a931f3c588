import { get as httpGet } from "node:http";
import { get as httpsGet, type RequestOptions } from "node:https";
import * as pulumi from "@pulumi/pulumi";
import { switchedOffAnnotation } from "../plan/metadata";
import type { ClusterFacts, ClusterPlan } from "../plan/types";
import { findContext, kubeconfigFiles, KubeconfigError, requestOptions } from "./kubeconfig";

const defaultAnnotations = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
const patience = 5000;

interface StorageClassList {
  items: { metadata: { name: string; annotations?: Record<string, string> } }[];
}

interface Answer {
  status: number;
  body: string;
}

/**
 * The one look at the cluster that the program takes before it creates anything: which classes there are.
 * Without an answer within five seconds nothing is created.
 * @throws RunError that says what of kubeconfig, context, connection or rights is wrong
 */
export async function readCluster({ context, kubeconfig }: ClusterPlan): Promise<ClusterFacts> {
  const connection = locate(context, kubeconfig);
  const { server } = connection.cluster;
  const answer = await ask(server, connection).catch((error: Error) => {
    throw new pulumi.RunError(`the cluster of context "${context}" at ${server} can't be reached (${error.message}); start it, or name another context in cluster-storage:cluster.context\nNothing was changed.`);
  });
  return understand(answer, context, server);
}

function locate(context: string, kubeconfig: string | undefined) {
  try {
    return findContext(context, kubeconfigFiles(kubeconfig, process.env));
  } catch (error) {
    if (error instanceof KubeconfigError) throw new pulumi.RunError(`cluster-storage:cluster.${error.field}: ${error.message}\nNothing was changed.`);
    throw error;
  }
}

async function ask(server: string, connection: Parameters<typeof requestOptions>[0]): Promise<Answer> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience).unref());
  const asked = requestOptions(connection).then((options) => fetchText(new URL(`${server.replace(/\/$/, "")}/apis/storage.k8s.io/v1/storageclasses`), options));
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

function understand({ status, body }: Answer, context: string, server: string): ClusterFacts {
  if (status === 401 || status === 403) {
    const what = status === 401 ? "doesn't know the credentials" : "doesn't let them list StorageClasses, so they won't do for the rest either";
    throw new pulumi.RunError(`the cluster of context "${context}" at ${server} ${what}; renew them, or use a context with more rights\nNothing was changed.`);
  }
  if (status !== 200) throw new pulumi.RunError(`what answers at ${server} for context "${context}" is no Kubernetes API (status ${status})\nNothing was changed.`);
  const { items } = JSON.parse(body) as StorageClassList;
  return { classes: items.map(({ metadata: { name, annotations = {} } }) => ({ name, isDefault: defaultAnnotations.some((key) => annotations[key] === "true"), switchedOffBy: annotations[switchedOffAnnotation] })) };
}
