import { confirm } from "@inquirer/prompts";
import { deleteInstance, instanceStatus, stopInstance } from "../../local-cluster/instance/instance";
import { checkDeletion, otherCheckouts } from "../../local-cluster/instance/owner";
import { readRecord } from "../../local-cluster/instance/record";
import { instanceDir } from "../../local-cluster/paths";
import { consoleProgress } from "../../local-cluster/progress";
import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { main } from "../terminal/main";
import { describeInventory, takeInventory } from "../stop/inventory";
import { localInstance } from "../pulumi/target";

/**
 * `npm stop [-- --delete [--of CHECKOUT] [--yes]]`: stops the local cluster. Its data stays unless `--delete` was
 * confirmed. Data of other checkouts goes only where `--of` names each of them.
 */
async function run(argv: string[]): Promise<void> {
  const { options } = readArguments(argv, { delete: true, of: ["CHECKOUT"], yes: true });
  const progress = consoleProgress();
  const { state } = await instanceStatus(localInstance);
  if (state === "absent") {
    progress.info("there is no local cluster, so there is nothing to stop");
    return;
  }
  if (options.delete) {
    await remove(options.yes ?? false, options.of ?? []);
    return;
  }
  if (state === "stopped") progress.info("the local cluster is stopped already");
  else await progress.step("stopping the local cluster", () => stopInstance(localInstance));
  progress.info("its data is kept: npm start brings it back, npm stop -- --delete removes it");
}

async function remove(confirmed: boolean, of: string[]): Promise<void> {
  const record = readRecord(localInstance);
  const inventory = await takeInventory(instanceDir(localInstance));
  const checkouts = record ? [...new Set([record.owner, ...otherCheckouts(record)])] : [];
  process.stderr.write(`this removes, for good:\n${describeInventory({ ...inventory, checkouts })}\n`);
  checkDeletion(record, of);
  if (!confirmed) {
    if (!process.stdin.isTTY)
      throw new UserError("nothing was removed: there is no terminal to confirm on; pass --delete --yes");
    if (!(await confirm({ message: "Remove all of it?", default: false }))) throw new UserError("nothing was removed");
  }
  await consoleProgress().step("removing the local cluster and its data", () =>
    deleteInstance(localInstance, undefined, of),
  );
}

void main(run);
