import { consoleProgress } from "../../local-cluster/progress";
import { UserError } from "../../model/user-error";
import { targetOptions } from "../pulumi/target";
import { restoreAll } from "../restore/all";
import { restoreService } from "../restore/run";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

type Options = { at?: string; of?: string; into?: string; list?: boolean };

/** Throws a UserError for what means nothing beside `--all`. */
function onlyAll<T extends Options>(options: T, operands: readonly string[]): T {
  const besides = [
    ...operands,
    ...(["at", "of", "into", "list"] as const).flatMap((name) => (options[name] === undefined ? [] : [`--${name}`])),
  ];
  if (besides.length === 0) return options;
  throw new UserError(
    `--all brings back every service that the cluster doesn't have, from its newest point, and takes no ` +
      `${besides.join(", ")}; nothing was changed. A single one: npm run restore -- SERVICE`,
  );
}

/**
 * `npm run restore -- SERVICE [--at TIME|POINT] [--of SERVICE|PROJECT/STACK/SERVICE] [--into NAME] [--list]`: brings a
 * point of the backups to new volumes of a service and starts it there, after a look at the point, a preview and a yes.
 * `--list` shows the points that there are, and `--into` brings one to a claim of its own, beside the service. `--all`
 * brings back all services that the cluster doesn't have.
 */
async function run(argv: string[]): Promise<void> {
  const kinds = {
    ...targetOptions,
    all: true,
    at: "TIME|POINT",
    of: "SERVICE",
    into: "NAME",
    list: true,
    yes: true,
  } as const;
  const { options, operands } = readArguments(argv, kinds, "SERVICE");
  const [service, another] = operands;
  if (options.all) return restoreAll(onlyAll(options, operands), consoleProgress());
  if (service === undefined)
    throw new UserError("the service is missing: npm run restore -- SERVICE [--at TIME|POINT], or SERVICE --list");
  if (another !== undefined)
    throw new UserError(`only one service can be named at a time, and there are: ${operands.join(", ")}`);
  await restoreService({ service, ...options }, options, consoleProgress());
}

void main(run);
