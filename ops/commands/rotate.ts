import { consoleProgress } from "../../local-cluster/progress";
import { UserError } from "../../model/user-error";
import { targetOptions } from "../pulumi/target";
import { repositoryOperand, rotateRepository } from "../rotate/repository";
import { rotate } from "../rotate/run";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

/**
 * `npm run rotate -- SERVICE`: gives the service's passwords anew. It shows the edit of the stack file and its preview;
 * after a yes it writes the file, updates the stack, and tries the new passwords and those before. `backups` in place
 * of a service: the password of the backups' repository.
 */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(argv, { ...targetOptions, yes: true }, "SERVICE");
  const [service, another] = operands;
  if (service === undefined || another !== undefined)
    throw new UserError("name one service whose passwords are given anew: npm run rotate -- SERVICE");
  if (service === repositoryOperand) return rotateRepository(options, consoleProgress());
  await rotate(service, options, consoleProgress());
}

void main(run);
