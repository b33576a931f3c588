import type { Questions } from "../../model/preflight-facts";
import type { NodeFacts, ProbeFacts } from "../../model/node-facts";
import { isReady } from "../../preflight/nodes";
import { parseProbe } from "../../preflight/probe/parse";
import { exportPod, looksAtNode, namespace, nodePod, probeNamespace } from "../../preflight/probe/pod";
import { UserError } from "../../model/user-error";
import { describeApiError, type Kube } from "../../kube/client";
import { runPod } from "../pods/run-pod";
import { removeProbeNamespace } from "./probe-namespace";

/** How long to wait for a pod to start and end, in milliseconds. */
const patience = 45_000;

/**
 * Adds what a probe pod on each Ready node found. The pods are removed before this returns. Throws a UserError where
 * such pods may not be created, or don't start.
 */
export async function probeNodes(
  kube: Kube,
  nodes: NodeFacts[],
  questions: Questions,
  image: string,
  stop: AbortSignal,
): Promise<NodeFacts[]> {
  try {
    await removeProbeNamespace(kube, stop);
    await kube.core.createNamespace({ body: probeNamespace(questions) });
    return await Promise.all(
      nodes.map(async (node) =>
        isReady(node) ? { ...node, probe: await probeNode(kube, node.name, questions, image, stop) } : node,
      ),
    );
  } catch (error) {
    throw describeApiError(error, kube, "probing the nodes");
  } finally {
    await removeProbeNamespace(kube);
  }
}

async function probeNode(
  kube: Kube,
  node: string,
  questions: Questions,
  image: string,
  stop: AbortSignal,
): Promise<ProbeFacts> {
  const nothing = {
    mounts: [],
    modules: [],
    programs: [],
    paths: {},
    devices: [],
    encrypted: {},
    encryptedGroups: {},
    volumeGroups: [],
  };
  const [seen, exports] = await Promise.all([
    looksAtNode(questions) ? lookAt(kube, node, questions, image, stop) : nothing,
    Promise.all(
      (questions.exports ?? []).map(({ server, share }) => tryExport(kube, node, image, server, share, stop)),
    ),
  ]);
  return { ...seen, exports: Object.fromEntries(exports.flat()) };
}

async function lookAt(
  kube: Kube,
  node: string,
  questions: Questions,
  image: string,
  stop: AbortSignal,
): Promise<Omit<ProbeFacts, "exports">> {
  const { name, trouble } = await runPod(kube, namespace, nodePod(node, image, questions), patience, stop);
  if (trouble) throw new UserError(`the probe pod on ${node} did not run: ${trouble}`);
  const seen = parseProbe(await kube.core.readNamespacedPodLog({ name, namespace }));
  if (!seen) throw new UserError(`the probe pod on ${node} was cut short`);
  return seen;
}

/** What mount prints where the node has no NFS client. */
const noClient = /bad option|unknown filesystem type|fsconfig|mount program didn't/;

/**
 * Tries to mount an export. Returns nothing where the node has no NFS client: the driver brings its own, so the failure
 * says nothing about the export.
 */
async function tryExport(
  kube: Kube,
  node: string,
  image: string,
  server: string,
  share: string,
  stop: AbortSignal,
): Promise<[string, string][]> {
  const { trouble } = await runPod(kube, namespace, exportPod(node, image, server, share), patience, stop);
  if (trouble && noClient.test(trouble)) return [];
  return [[`${server}:${share}`, trouble ?? ""]];
}
