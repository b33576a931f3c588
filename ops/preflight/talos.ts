import { execa } from "execa";
import type { NodeFacts } from "../../model/node-facts";
import { isTalos } from "../../preflight/nodes";
import { parseTalos, talosResources } from "../../preflight/talos";

const patience = 3000;

/**
 * Adds what talosctl says of the nodes that run Talos. Without talosctl, or where it gets no answer, the nodes stay as
 * they were.
 */
export async function askTalos(nodes: NodeFacts[]): Promise<NodeFacts[]> {
  return Promise.all(nodes.map(async (node) => (isTalos(node) ? { ...node, talos: await askNode(node) } : node)));
}

async function askNode({ name, address }: NodeFacts): Promise<NodeFacts["talos"]> {
  const answers = await Promise.all(
    talosResources.map(
      async (resource) =>
        [
          resource,
          await execa("talosctl", ["--nodes", address ?? name, "get", resource, "-o", "yaml"], {
            timeout: patience,
            reject: false,
          }),
        ] as const,
    ),
  );
  if (answers.some(([, { failed }]) => failed)) return undefined;
  return parseTalos(
    Object.fromEntries(answers.map(([resource, { stdout }]) => [resource, stdout])) as Parameters<typeof parseTalos>[0],
  );
}
