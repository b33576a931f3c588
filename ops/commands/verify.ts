import { readArguments } from "../terminal/args";
import { assertReachable } from "../../kube/client";
import { main } from "../terminal/main";
import { readDeployed } from "../pulumi/known-claims";
import { findTarget, targetOptions } from "../pulumi/target";
import { chooseServices, leftOut, verifyServices } from "../verify/all";
import { beginVerification } from "../verify/record";
import { describeLeftOut, describeResult, failureLine } from "../verify/print";

/**
 * `npm run verify [-- SERVICE …] [--json] [--stack S | --context NAME]`: checks for each service that its data outlives
 * its pod. Exit code 1 where it doesn't. The result is kept with the stack.
 */
async function run(argv: string[]): Promise<number> {
  const { options, operands } = readArguments(argv, { ...targetOptions, json: true }, "SERVICE");
  const target = await findTarget(options);
  const kube = target.connect();
  const [outputs] = await Promise.all([readDeployed(target.stack), assertReachable(kube)]);
  const services = chooseServices(outputs.services, operands);
  const onResult = options.json
    ? undefined
    : (result: Parameters<typeof describeResult>[0]) => process.stdout.write(`${describeResult(result)}\n`);
  const record = beginVerification(target.stack);
  const results = await verifyServices(kube, outputs.services, services, { onResult });
  if (onResult && operands.length === 0)
    for (const name of leftOut(outputs.services)) process.stdout.write(`${describeLeftOut(name)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  await record(results, chooseServices(outputs.services, []).length);
  const failure = failureLine(results);
  if (failure) process.stderr.write(`${failure}\n`);
  return failure ? 1 : 0;
}

void main(run);
