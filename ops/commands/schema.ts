import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { checkout, projectName } from "../pulumi/project";
import { schemaFiles } from "../schema/files";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

/** `npm run schema`: writes the JSON Schema of the stack config, and the tables of its page, from the schemas. */
async function run(argv: string[]): Promise<void> {
  readArguments(argv, {});
  for (const [file, text] of await schemaFiles(await projectName())) {
    await writeFile(path.join(checkout, file), text);
    process.stdout.write(`wrote ${file}\n`);
  }
}

void main(run);
