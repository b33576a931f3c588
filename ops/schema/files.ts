import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { configTables, fillPage } from "../../config/reference";
import { type PolicyRule, stackFileSchema } from "../../config/stack-schema";
import { known } from "../../known";
import { rules } from "../../policy/rules";
import { checkout } from "../pulumi/project";

/** The JSON Schema of a stack file, relative to the checkout: stack files name it in their first line. */
export const schemaFile = path.join("config", "stack.schema.json");
const referencePage = path.join("docs", "configuration.md");

const policies = rules.map(({ name, description, configSchema }): PolicyRule => ({
  name,
  description,
  settings: configSchema?.properties as PolicyRule["settings"],
}));

/** What `npm run schema` writes: the files' texts by their paths in the checkout. */
export async function schemaFiles(project: string): Promise<Map<string, string>> {
  const schema = stackFileSchema(project, known, policies);
  const page = await readFile(path.join(checkout, referencePage), "utf8");
  return new Map([
    [schemaFile, `${JSON.stringify(schema, undefined, 2)}\n`],
    [referencePage, fillPage(page, configTables(known))],
  ]);
}
