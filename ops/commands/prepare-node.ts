import { text } from "node:stream/consumers";
import { Hidden } from "../../model/hidden";
import { NodeAway, type NodeTask, nodeTaskVariable } from "../../model/node-preparation";
import { UserError } from "../../model/user-error";
import { nodeTypes } from "../../nodes/catalogue";
import { carryOutTask } from "../nodes/carry-out";
import { main } from "../terminal/main";

/**
 * What Pulumi runs for each step on a node that is made from this machine; its task comes in a variable, and a secret
 * by standard input. Nobody calls it by hand. Exit code 1, with the reason, where the node isn't as the step wants it.
 */
async function run(): Promise<void> {
  const task = readTask(process.env[nodeTaskVariable]);
  const secret = task.talos.stdin ? new Hidden(await text(process.stdin)) : undefined;
  try {
    await carryOutTask(task, secret, nodeTypes, (line) => process.stdout.write(`${line}\n`));
  } catch (error) {
    if (!(error instanceof UserError || error instanceof NodeAway)) throw error;
    throw new UserError(
      `${task.node}: ${task.step.words} could not be made: ${error.message}\n` +
        "No storage of the stack was touched. What was done before stays; pulumi up goes on from here.",
    );
  }
}

function readTask(given: string | undefined): NodeTask {
  if (given !== undefined) return JSON.parse(given) as NodeTask;
  throw new UserError("pulumi up runs this command, and nobody has to call it by hand; nothing was changed");
}

void main(run);
