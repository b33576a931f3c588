import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PendingOperation } from "../../ops/pulumi/state";
import type { Cluster } from "./fixture";
import { stateText } from "./state";

/** Writes operations into the state as an update leaves them that was killed in their middle. */
export async function addPending(cluster: Cluster, operations: PendingOperation[]): Promise<void> {
  const { backend, project, name } = cluster.target.stack;
  const file = join(backend!, ".pulumi", "stacks", project, `${name}.json`);
  const state = JSON.parse(await stateText(cluster)) as { checkpoint: { latest: Record<string, unknown> } };
  state.checkpoint.latest.pending_operations = operations;
  await writeFile(file, JSON.stringify(state));
  // It has the checksum of the state before.
  await rm(`${file}.attrs`, { force: true });
}

const urnOf = (type: string, name: string) => `urn:pulumi:dev::cluster-storage::${type}::${name}`;

/** The creation of an object that was cut off. */
export function creating(type: string, name: string, inputs: Record<string, unknown>): PendingOperation {
  return { type: "creating", resource: { urn: urnOf(type, name), type, custom: true, inputs } };
}
