import { assertReachable } from "../../kube/client";
import { UserError } from "../../model/user-error";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { beginEmpty } from "../recover/begin-empty";
import { endReleases } from "../recover/releases";
import { forgetOldCluster } from "../new-cluster/run";
import { takeOverRenamed } from "../rename/run";
import { recoverStack } from "../recover/run";
import { removeLeftovers } from "../move/file";
import { stackFile } from "../pulumi/project";
import { stackId } from "../pulumi/stack";
import { findTarget, targetOptions, type Target } from "../pulumi/target";

/**
 * `npm run recover [-- --stack S | --context NAME]`: makes a stack whose update was killed updatable again.
 * `--begin-empty SERVICE`: gives up what a service's claims held that are gone, so that the next update can go on.
 * `--renamed-from NAME`: takes over what bears the mark of the stack's earlier name.
 * `--new-cluster [--yes]`: forgets a cluster that is gone, where the context leads to one that was made anew.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { ...targetOptions, ...special, yes: true });
  refuseTogether(options);
  const target = await findTarget(options);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  if (Object.keys(special).some((name) => name in options)) {
    await recoverByName(target, options, say);
    return 0;
  }
  if (target.stack.backend === undefined)
    say(`stack "${target.stack.name}" is kept by a service or a bucket: its locks are left to that (pulumi cancel)`);
  const { clean, left } = await recoverStack(target.stack, target.connect, { say });
  const releases = await recoverReleases(target, say);
  const files = await removeLeftovers(stackFile(target.stack.name));
  for (const file of files) say(`removed ${file}: it was to take the stack file's place, and its writer is gone`);
  if (clean && releases + files.length > 0) return 0;
  if (clean) say(`stack "${target.stack.name}": nothing was interrupted, so there is nothing to do`);
  else if (left.length === 0) say(`stack "${target.stack.name}": recovered; the next pulumi up continues from here`);
  else
    say(
      `stack "${target.stack.name}": recovered but for the above, at which the next update will stop: follow ` +
        "what it says, or give one of the two another name",
    );
  return left.length === 0 ? 0 : 1;
}

/** What recover does only where it is asked for by name. */
const special = { "begin-empty": "SERVICE", "renamed-from": "NAME", "new-cluster": true } as const;

type Options = ReturnType<typeof readArguments<typeof special & { yes: true }>>["options"];

function refuseTogether(options: Options): void {
  const given = Object.keys(special).filter((name) => name in options);
  if (given.length > 1) throw new UserError(`${given.map((name) => `--${name}`).join(" and ")} can't be used together`);
  if (options.yes && !options["new-cluster"])
    throw new UserError("--yes belongs to --new-cluster: everything else of npm run recover asks nothing");
}

async function recoverByName(
  { stack, connect }: Target,
  { "begin-empty": service, "renamed-from": earlier, yes }: Options,
  say: (line: string) => void,
): Promise<void> {
  if (service !== undefined) await beginEmpty(stack, connect(), service, say);
  else if (earlier !== undefined) await takeOverRenamed(stack, connect(), earlier, say);
  else await forgetOldCluster(stack, connect(), { yes, say });
}

/** The number of releases that were cut off. A cluster that doesn't answer can't tell of any. */
async function recoverReleases({ stack, connect }: Target, say: (line: string) => void): Promise<number> {
  const kube = connect();
  try {
    await assertReachable(kube);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`whether a release was cut off is not known: ${error.message}`);
    return 0;
  }
  return endReleases(kube, stackId(stack), say);
}

void main(run);
