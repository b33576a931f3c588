import { openApi } from "../../kube/api";
import { list } from "../../kube/lists";
import { readNode } from "../../kube/read/nodes";
import type { Hidden } from "../../model/hidden";
import type { NodeFacts } from "../../model/node-facts";
import { NodeAway, type NodeTask, type NodeType, type SshAccess } from "../../model/node-preparation";
import { noAddress } from "../../nodes/access";
import { isReady, notReadyBut } from "../../preflight/nodes";

const noSsh: SshAccess = { user: "root", port: 22, agent: false };

/**
 * Carries out one step on one node. `secret`: the talosconfig, where the config has it as a secret.
 * @throws UserError or NodeAway with the reason
 */
export async function carryOutTask(
  { node: name, type, address, step, talos, cluster }: NodeTask,
  secret: Hidden | undefined,
  types: ReadonlyMap<string, NodeType>,
  say: (line: string) => void,
): Promise<void> {
  const { configFile, context } = talos;
  const nodes = () => readNodes(cluster);
  const at = address ?? (await nodes()).find((node) => node.name === name)?.address;
  if (at === undefined) throw new NodeAway(noAddress);
  const access = { talos: { configFile, context, config: secret }, ssh: noSsh };
  await types.get(type)?.carryOut?.({
    name,
    address: at,
    access,
    id: step.id,
    line: step.line,
    say: (line) => say(`${name}: ${step.words} ${line}.`),
    ready: async () => {
      const all = await nodes();
      return { self: all.some((node) => node.name === name && isReady(node)), away: notReadyBut(name, all) };
    },
  });
}

async function readNodes({ context, kubeconfig }: NodeTask["cluster"]): Promise<NodeFacts[]> {
  const nodes = await list(openApi(context, kubeconfig), "nodes", readNode);
  if (nodes) return nodes;
  throw new NodeAway(`the credentials of context "${context}" may not list the cluster's nodes`);
}
