import { consoleProgress } from "../../local-cluster/progress";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { readRequest } from "../move/request";
import { moveOff } from "../move/off";
import { moveClaim } from "../move/run";
import { targetOptions } from "../pulumi/target";

/**
 * `npm run move -- SERVICE[/CLAIM] --to BACKEND [--node N] [--size S] | --node N [--size S] | --size S | --back
 * [--as-it-was]`,
 * or `--off NODE [--to BACKEND] [--node OTHER]`:
 * writes where the data shall be into the stack's file, shows what that comes to, and on a yes takes the data there.
 */
async function run(argv: string[]): Promise<void> {
  const kinds = {
    ...targetOptions,
    to: "BACKEND",
    size: "SIZE",
    node: "NODE",
    back: true,
    "as-it-was": true,
    off: "NODE",
    yes: true,
  } as const;
  const { options, operands } = readArguments(argv, kinds, "SERVICE[/CLAIM]");
  const request = readRequest(options, operands);
  if ("off" in request) await moveOff(request, options, consoleProgress());
  else await moveClaim(request.operand, request.request, options, consoleProgress());
}

void main(run);
