import { assertReachable, type Kube } from "../../kube/client";
import { UserError } from "../../model/user-error";
import { chooseBackups, newestOf, type BackedUpService } from "../backup/decide";
import { forgetNow, previewNow, previewText } from "../backup/forget";
import { linesOf, makePointNow } from "../backup/job";
import { madeAt, readRuns, unnoted } from "../backup/last-run";
import { repairNow } from "../backup/repair";
import { planTable, pointsOf, pointTable, readListed } from "../backup/print";
import { readDeployed } from "../pulumi/known-claims";
import { findTarget, targetOptions } from "../pulumi/target";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

/**
 * `npm run backup [-- SERVICE …] [--plan | --list | --init | --forget [--yes]]`: backs services up now, by the job that
 * does so on schedule. `--plan` shows what is backed up and when, and what would be forgotten, `--list` which points
 * there are; `--init` makes the repository where there is none, and `--forget` forgets points. Exit code 1 where
 * anything failed.
 */
async function run(argv: string[]): Promise<number> {
  const kinds = {
    ...targetOptions,
    plan: true,
    list: true,
    init: true,
    forget: true,
    repair: true,
    yes: true,
  } as const;
  const { options, operands } = readArguments(argv, kinds, "SERVICE");
  const [first, second] = (["plan", "list", "init", "forget", "repair"] as const).filter((name) => options[name]);
  if (second !== undefined) throw new UserError(`--${first} and --${second} exclude each other; leave one out`);
  if (options.init && operands.length > 0)
    throw new UserError("a repository is made once for all services: npm run backup -- --init");
  if (options.repair && operands.length > 0)
    throw new UserError("a repository is repaired for all services at once: npm run backup -- --repair");
  const target = await findTarget(options);
  const kube = target.connect();
  const [{ services }] = await Promise.all([readDeployed(target.stack), assertReachable(kube)]);
  const chosen = chooseBackups(services, operands);
  if (options.plan) return plan(kube, chosen);
  if (options.forget) return forgetNow(kube, chosen, say, { yes: options.yes });
  if (options.repair) return repairNow(kube, chosen, say, { yes: options.yes, backUp: () => backUp(kube, chosen) });
  if (options.list) return list(kube, chosen, `${target.stack.project}/${target.stack.name}`);
  return options.init ? init(kube, chosen) : backUp(kube, chosen);
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

async function plan(kube: Kube, chosen: BackedUpService[]): Promise<number> {
  const rows = await Promise.all(
    chosen.map(async (service) => {
      const { namespace, claims } = service[1];
      const names = claims.map(({ name }) => name);
      const { items } = await kube.core.listNamespacedPersistentVolumeClaim({ namespace });
      const own = items.flatMap(({ metadata = {} }) => (names.includes(metadata.name ?? "") ? [metadata] : []));
      const newest = newestOf(own);
      const since = madeAt(own.flatMap(({ creationTimestamp }) => creationTimestamp ?? []));
      const runs = await readRuns(kube, service[1].backup);
      return { service, newest, unnoted: unnoted(service[1].backup, newest, runs, { since, now: new Date() }) };
    }),
  );
  say(planTable(rows, new Date()));
  say(`they go to ${chosen[0]![1].backup.repository}`);
  const forgets = chosen.some(([, { backup }]) => backup.keep !== undefined);
  say(forgets ? previewText(chosen, await previewNow(kube, chosen, say)) : "all points are kept: there is no keep");
  return 0;
}

async function list(kube: Kube, chosen: BackedUpService[], stack: string): Promise<number> {
  const { lines, failed } = await short(kube, chosen, "list");
  if (failed !== undefined) return 1;
  const names = chosen.map(([name]) => name);
  say(pointTable(pointsOf(readListed(lines), stack), names));
  return 0;
}

async function init(kube: Kube, chosen: BackedUpService[]): Promise<number> {
  const { lines, failed } = await short(kube, chosen, "init");
  if (failed === undefined) lines.forEach(say);
  return failed === undefined ? 0 : 1;
}

/** Lets the job of any service do what is the same for all. What it says last is why it failed, where it did. */
async function short(kube: Kube, chosen: BackedUpService[], act: "list" | "init") {
  const { lines, failed } = await linesOf(kube, chosen[0]![1].backup, { act }, say);
  if (failed !== undefined) complain(failed);
  return { lines, failed };
}

/** One after the other: only one at a time may use the repository. What fails keeps none of the others. */
async function backUp(kube: Kube, chosen: BackedUpService[]): Promise<number> {
  const failed: string[] = [];
  for (const service of chosen) {
    const why = await makePointNow(kube, service, say);
    if (why === undefined) continue;
    failed.push(service[0]);
    complain(why);
  }
  if (failed.length > 0) complain(`not backed up: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
}

void main(run);
