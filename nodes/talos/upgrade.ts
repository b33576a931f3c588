import { setTimeout as delay } from "node:timers/promises";
import { type LocalStep, NodeAway } from "../../model/node-preparation";
import { UserError } from "../../model/user-error";
import type { TalosClient } from "./client";
import { askClient } from "./facts";
import { type ImageLine, judgeUpgrade } from "./judge-image";

/** Milliseconds for the upgrade, with draining and the restart, and then for the node to be Ready. */
const patience = { upgrade: 1_800_000, ready: 600_000 };
const between = 3000;

/**
 * Installs the image, and waits until the node runs it and is Ready again: only then the next node has its turn.
 * talosctl drains the node before it restarts, and takes the cordon off again.
 */
export async function upgrade(client: TalosClient, step: LocalStep, line: ImageLine): Promise<void> {
  const { self, away } = await step.ready();
  const { state, why } = judgeUpgrade(line, await askClient(client), away);
  if (state === "refused") throw new UserError(why ?? "");
  if (state === "missing") {
    if (!self) throw new UserError("the node is not Ready, and is not restarted until it is");
    await client.run(["upgrade", "--image", line.image ?? "", "--wait", "--timeout", "25m"], patience.upgrade);
  }
  await awaitReady(client, step, line);
  step.say(state === "done" ? "is there already" : "is installed, and the node is Ready");
}

async function awaitReady(client: TalosClient, step: LocalStep, line: ImageLine): Promise<void> {
  const begun = Date.now();
  for (;;) {
    const why = await notYet(client, step, line);
    if (why === undefined) return;
    if (Date.now() - begun > patience.ready)
      throw new UserError(`${why}, ${patience.ready / 60_000} minutes after the upgrade`);
    await delay(between);
  }
}

/** Why the node is not what it has to be; undefined where it is. */
async function notYet(client: TalosClient, step: LocalStep, line: ImageLine): Promise<string | undefined> {
  try {
    const { state, why } = judgeUpgrade(line, await askClient(client), []);
    if (state !== "done") return why ?? "the node runs another image";
    return (await step.ready()).self ? undefined : "the node is not Ready";
  } catch (error) {
    // It restarts, and so does what answers for the cluster where the node is a control plane.
    if (error instanceof UserError) throw error;
    return error instanceof NodeAway ? error.message : `the cluster doesn't answer (${(error as Error).message})`;
  }
}
