import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { backendTypes } from "../backends/catalogue";
import { parseConfig } from "../config/parse";
import { type Planned, planStack } from "../plan/stack";
import { catalogue } from "../services/catalogue";

export const root = resolve(__dirname, "..");
const prefix = "cluster-storage:";

/** Plans the `config:` of a stack file or fixture, as the program does. */
export function planOf(yaml: string, stack = "test"): Planned {
  const { config } = parse(yaml) as { config: Record<string, unknown> };
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  return planStack(parseConfig({ owner: { project: "cluster-storage", stack }, values }, catalogue, backendTypes), catalogue, backendTypes);
}

/** The committed stacks by name, with their files' text. */
export function committedStacks(): Map<string, string> {
  const files = readdirSync(root).filter((file) => /^Pulumi\.[\w-]+\.yaml$/.test(file));
  return new Map(files.sort().map((file) => [basename(file, ".yaml").slice("Pulumi.".length), readFileSync(join(root, file), "utf8")]));
}
