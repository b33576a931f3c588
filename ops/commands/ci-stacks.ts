import { readdirSync } from "node:fs";
import { main } from "../terminal/main";
import { checkout } from "../pulumi/project";

/** `npm run ci:stacks`: prints the names of the committed stacks as JSON, for a workflow's matrix. */
async function run(): Promise<void> {
  const names = readdirSync(checkout).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
  process.stdout.write(`${JSON.stringify(names.sort())}\n`);
}

void main(run);
