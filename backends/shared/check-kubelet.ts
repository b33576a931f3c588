import type { Check, CheckContext, CheckResult } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import { takesPods } from "../../preflight/nodes";
import { listed, results } from "../../preflight/results";
import { kubeletOf, usualDirectory } from "./kubelet";
import type { DriverSettings } from "./check-driver";

interface KubeletSettings extends DriverSettings {
  kubeletDirectory?: string;
}

const names = (nodes: NodeFacts[]) => listed(nodes.map(({ name }) => name));

/**
 * Whether the driver's pods look for the kubelets where they are. In another directory they start and register nowhere,
 * and no volume can be mounted. What the config says is taken unless a probe pod has seen otherwise.
 */
export function kubeletCheck(type: string): Check<KubeletSettings> {
  const id = `${type}-kubelet`;
  return {
    id,
    group: type,
    // A pod that looks at the node also sees where its own files are.
    asks: ({ install }) => (install ? { paths: [usualDirectory] } : {}),
    run(context) {
      const { config, facts, plan } = context;
      const { ok, unread } = results(id);
      if (!config.install) return [];
      if (!facts.nodes) return [unread("nodes")];
      const said = config.kubeletDirectory ?? plan.cluster.kubeletDirectory;
      const wanted = said ?? usualDirectory;
      const fit = facts.nodes.filter(takesPods);
      const known = said === undefined ? fit : fit.filter((node) => kubeletOf(node).seen);
      const others = known.filter((node) => !kubeletOf(node).paths.includes(wanted));
      if (others.length === 0) return [ok(`the driver looks for the kubelets' files in ${wanted}`)];
      const [first = [], ...more] = known.map((node) => kubeletOf(node).paths);
      const found = first.find((path) => more.every((paths) => paths.includes(path)));
      return [found === undefined ? apart(id, context, known, wanted) : elsewhere(id, context, found, others)];
    },
  };
}

/** The pods of a driver are the same on all nodes, so they have one directory. */
function apart(id: string, { name }: CheckContext<KubeletSettings>, known: NodeFacts[], wanted: string): CheckResult {
  const groups = new Map<string, NodeFacts[]>();
  for (const node of known) {
    const { paths } = kubeletOf(node);
    const path = paths.includes(wanted) ? wanted : paths[0]!;
    groups.set(path, [...(groups.get(path) ?? []), node]);
  }
  const places = [...groups].map(([path, nodes]) => `${path} on ${names(nodes)}`);
  return results(id).error(
    `the kubelets keep their files in different directories (${listed(places)}), and the driver's pods have the same ` +
      "one on all nodes",
    "start all kubelets with the same --root-dir (k0s: k0s worker --kubelet-root-dir), or keep the driver off the " +
      `other nodes by the chart's values and say which directory is meant: cluster-storage:backends.${name}` +
      ".kubeletDirectory",
  );
}

function elsewhere(
  id: string,
  { name, config, plan }: CheckContext<KubeletSettings>,
  found: string,
  nodes: NodeFacts[],
): CheckResult {
  const { distribution } = kubeletOf(nodes[0]!);
  const said = config.kubeletDirectory ?? plan.cluster.kubeletDirectory ?? usualDirectory;
  const key =
    config.kubeletDirectory === undefined
      ? "cluster-storage:cluster.kubeletDirectory"
      : `cluster-storage:backends.${name}.kubeletDirectory`;
  const why = distribution === undefined ? "" : `, as ${distribution} does`;
  return results(id).error(
    `the kubelets of ${names(nodes)} keep their files in ${found}${why}, and the driver would look in ${said}: no ` +
      "volume could be mounted",
    `set ${key}: ${found}` + (distribution === undefined ? "" : ", or the --root-dir that you start the kubelets with"),
  );
}
