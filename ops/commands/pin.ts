import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { checkout } from "../pulumi/project";
import { pinTools } from "../pin/tools";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

/** `npm run pin -- --tools`: pins what is downloaded to digests. It asks the hosts that have it. */
async function run(argv: string[]): Promise<void> {
  const { options } = readArguments(argv, { tools: true });
  if (!options.tools) throw new UserError("say what to pin: npm run pin -- --tools; nothing was changed");
  for (const line of await pinTools(path.join(checkout, "local-cluster", "digests.json")))
    process.stdout.write(`${line}\n`);
}

void main(run);
