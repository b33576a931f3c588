import { consoleProgress } from "../../local-cluster/progress";
import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { main } from "../terminal/main";
import { releaseVolume } from "../release/run";
import { targetOptions } from "../pulumi/target";

/**
 * `npm run release -- SERVICE[/CLAIM] [--generation N] [--no-point] [--yes]`: deletes a volume that a move has left,
 * with its data, after a point of the service in use was taken, where it has a backup.
 */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(
    argv,
    { ...targetOptions, generation: "N", "no-point": true, yes: true },
    "SERVICE[/CLAIM]",
  );
  const [operand, another] = operands;
  if (operand === undefined)
    throw new UserError(
      "the service is missing: npm run release -- SERVICE[/CLAIM] [--generation N]; npm run status lists the kept " +
        "volumes",
    );
  if (another !== undefined)
    throw new UserError(`only one volume can be released at a time, and there are: ${operands.join(", ")}`);
  const generation = options.generation === undefined ? undefined : readGeneration(options.generation);
  await releaseVolume(operand, { ...options, generation, noPoint: options["no-point"] }, consoleProgress());
}

function readGeneration(text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text))
    throw new UserError(`--generation ${text} is not a generation: npm run status shows them as numbers from 1 on`);
  return Number(text);
}

void main(run);
