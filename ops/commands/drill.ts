import { assertReachable } from "../../kube/client";
import { UserError } from "../../model/user-error";
import { chooseBackups } from "../backup/decide";
import { withNeeded } from "../drill/choose";
import { noteDrill } from "../drill/note";
import { drillTable, failureLine } from "../drill/print";
import { drillServices, removeEarlier } from "../drill/run";
import { readDeployed } from "../pulumi/known-claims";
import { stackId } from "../pulumi/stack";
import { findTarget, targetOptions } from "../pulumi/target";
import { readArguments } from "../terminal/args";
import { finishOnInterrupt } from "../terminal/interrupt";
import { main } from "../terminal/main";

/**
 * `npm run drill [-- SERVICE …] [--clean]`: restores each service's newest backup beside it, starts the service there
 * and reads back a record that was written before the backup; then removes all of it. `--clean` only removes what a
 * drill that was killed has left. Exit code 1 where a backup isn't proven.
 */
async function run(argv: string[]): Promise<number> {
  const { options, operands } = readArguments(argv, { ...targetOptions, clean: true }, "SERVICE");
  if (options.clean && operands.length > 0) throw new UserError("--clean is for all services; leave their names out");
  const target = await findTarget(options);
  const kube = target.connect();
  const [{ services }] = await Promise.all([readDeployed(target.stack), assertReachable(kube)]);
  const all = chooseBackups(services, []);
  const chosen = withNeeded(chooseBackups(services, operands), services);
  if (options.clean) {
    if (!(await removeEarlier(kube, { all, say }))) say("no drill has left anything");
    return 0;
  }
  const stop = new AbortController();
  const reason = new UserError("the drill was interrupted; what it made is removed");
  const stack = stackId(target.stack);
  const drill = drillServices(kube, { stack, services: chosen, all, say, signal: stop.signal });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort(reason));
  const { results, left } = await finishOnInterrupt(drill, () => stop.abort(reason));
  for (const result of results) {
    const untold = await noteDrill(
      kube,
      chosen.find(([name]) => name === result.service)!,
      result,
    );
    if (untold !== undefined) complain(untold);
  }
  say(drillTable(results, new Date()));
  const failure = failureLine(results);
  for (const line of failure === undefined ? left : [failure, ...left]) complain(line);
  return failure === undefined && left.length === 0 ? 0 : 1;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

void main(run);
