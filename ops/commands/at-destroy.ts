import { type AtDestroy, taskVariable } from "../../model/at-destroy";
import { UserError } from "../../model/user-error";
import { assertReachable, connect } from "../../kube/client";
import { awaitVolumes } from "../at-destroy/await-volumes";
import { giveBackDefault } from "../at-destroy/give-back-default";
import { main } from "../terminal/main";

/** Longest wait for volumes to be deleted, in ms. A large one takes its time. */
const patience = 600_000;

/**
 * What Pulumi runs while it destroys a stack's storage; its task comes in a variable. Nobody calls it by hand. Exit
 * code 1, and the destroy goes on at the same place the next time, where the cluster isn't as it has to be.
 */
async function run(): Promise<void> {
  const task = readTask(process.env[taskVariable]);
  const kube = connect(task.context, task.kubeconfig);
  await assertReachable(kube);
  const said =
    task.task === "await-volumes"
      ? await awaitVolumes(kube, task.classes, patience)
      : await giveBackDefault(kube, task.classes);
  for (const line of said) process.stdout.write(`${line}\n`);
}

function readTask(text: string | undefined): AtDestroy {
  if (text !== undefined) return JSON.parse(text) as AtDestroy;
  throw new UserError("pulumi destroy runs this command, and nobody has to call it by hand; nothing was changed");
}

void main(run);
