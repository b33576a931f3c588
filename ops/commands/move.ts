import { consoleProgress } from "../../local-cluster/progress";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { readRequest } from "../move/request";
import { moveClaims } from "../move/run";
import { targetOptions } from "../pulumi/target";

/**
 * `npm run move -- SERVICE[/CLAIM] --to BACKEND [--node N] [--size S] | --node N [--size S] | --size S
 * | --anew [--size S] | --back [--as-it-was]`, or `--off NODE [--to BACKEND] [--node OTHER]`: shows the edit of the
 * stack file and its preview. After a yes it takes a point of each service that has a backup, unless with `--no-point`,
 * writes the file and moves the data.
 */
async function run(argv: string[]): Promise<void> {
  const kinds = {
    ...targetOptions,
    to: "BACKEND",
    size: "SIZE",
    anew: true,
    node: "NODE",
    back: true,
    "as-it-was": true,
    off: "NODE",
    "no-point": true,
    yes: true,
  } as const;
  const { options, operands } = readArguments(argv, kinds, "SERVICE[/CLAIM]");
  await moveClaims(readRequest(options, operands), { ...options, noPoint: options["no-point"] }, consoleProgress());
}

void main(run);
