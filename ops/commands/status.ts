import { otherCheckouts } from "../../local-cluster/instance/owner";
import { readRecord } from "../../local-cluster/instance/record";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { readDeployed } from "../pulumi/known-claims";
import { careOf } from "../status/care";
import { gatherFacts } from "../status/gather";
import { statusTable } from "../status/print";
import { statusRows } from "../status/rows";
import { findTarget, localInstance, targetOptions } from "../pulumi/target";

/**
 * `npm run status [-- --json] [--stack S | --context NAME]`: shows every claim in the cluster, and the pod
 * that uses it.
 */
async function run(argv: string[]): Promise<void> {
  const { options } = readArguments(argv, { ...targetOptions, json: true });
  const target = await findTarget(options);
  const { services } = await readDeployed(target.stack);
  const kube = target.connect();
  const facts = await gatherFacts(kube, services);
  const printed = options.json
    ? JSON.stringify(statusRows(services, facts), undefined, 2)
    : [statusTable(services, facts), ...(await careOf(kube, services))].join("\n");
  process.stdout.write(`${printed}\n`);
  if (!options.json && options.stack === undefined && options.context === undefined) tellOwner();
}

/** Names the checkout that started the local cluster where that is not this one. */
function tellOwner(): void {
  const [owner] = otherCheckouts(readRecord(localInstance)!);
  if (owner !== undefined) process.stdout.write(`the checkout ${owner} has started this local cluster\n`);
}

void main(run);
