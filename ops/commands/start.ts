import { consoleProgress, type Progress } from "../../local-cluster/progress";
import { UserError } from "../../model/user-error";
import { assertReachable } from "../../kube/client";
import { main } from "../terminal/main";
import { readDeployed } from "../pulumi/known-claims";
import { prepareContext } from "../start/context";
import { deploy } from "../start/deploy";
import { prepareLocal } from "../start/local";
import { startOptions } from "../start/options";
import { gatherFacts } from "../status/gather";
import { statusTable } from "../status/print";
import type { Target } from "../pulumi/target";
import { chooseServices, leftOut, verifyServices } from "../verify/all";
import { beginVerification } from "../verify/record";
import { describeLeftOut, describeResult, failureLine } from "../verify/print";

/**
 * `npm start [-- --context NAME | --real]`: starts the cluster, deploys the stack, proves that data persists, and shows
 * the status. Running it again changes nothing. `--real` makes the programs that take minutes, too.
 */
async function run(argv: string[]): Promise<void> {
  const { context, real } = startOptions(argv);
  const progress = consoleProgress();
  const { target, overrides } =
    context === undefined
      ? await prepareLocal(progress, undefined, undefined, real)
      : await prepareContext(context, progress);
  await deploy(target, overrides, progress);
  await proveAndReport(target, progress);
}

async function proveAndReport(target: Target, progress: Progress): Promise<void> {
  const kube = target.connect();
  const [{ services }] = await Promise.all([readDeployed(target.stack), assertReachable(kube)]);
  const record = beginVerification(target.stack);
  const results = await progress.step("proving that data outlives its pod", () =>
    verifyServices(kube, services, chooseServices(services, []), {
      onResult: (result) => progress.info(describeResult(result)),
    }),
  );
  for (const name of leftOut(services)) progress.info(describeLeftOut(name));
  await record(results, chooseServices(services, []).length);
  process.stdout.write(`${statusTable(services, await gatherFacts(kube, services))}\n`);
  const failure = failureLine(results);
  if (failure) throw new UserError(failure);
}

void main(run);
