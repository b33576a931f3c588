import { committedStacks } from "../ci/stacks";
import { main } from "../terminal/main";

/** `npm run ci:stacks`: prints the names of the committed stacks as JSON, for a workflow's matrix. */
async function run(): Promise<void> {
  process.stdout.write(`${JSON.stringify(committedStacks())}\n`);
}

void main(run);
