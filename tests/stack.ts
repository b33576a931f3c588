import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { planConfig, type StackPlan } from "../ops/pulumi/stack-plan";

export const root = resolve(__dirname, "..");

/** Plans the `config:` of a stack file or fixture, as the program does. */
export function planOf(yaml: string, stack = "test"): StackPlan {
  const { config } = parse(yaml) as { config: Record<string, unknown> };
  return planConfig(config, { project: "cluster-storage", stack });
}

/** The committed stacks by name, with their files' text. */
export function committedStacks(): Map<string, string> {
  const files = readdirSync(root).filter((file) => /^Pulumi\.[\w-]+\.yaml$/.test(file));
  return new Map(
    files
      .sort()
      .map((file) => [basename(file, ".yaml").slice("Pulumi.".length), readFileSync(join(root, file), "utf8")]),
  );
}
