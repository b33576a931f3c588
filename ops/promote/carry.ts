import { isMap as isYamlMap, parseDocument } from "yaml";
import { asPulumiReads } from "../../config/stack-yaml";
import { editMap, type Value } from "../move/edit";
import type { Difference } from "./difference";

/**
 * Writes the carried differences into the target's config file. Comments, order and everything else stay as they are.
 */
export function carry(yaml: string, project: string, differences: readonly Difference[]): string {
  return differences
    .filter(({ kind }) => kind === "carried")
    .reduce((text, difference) => write(text, project, difference), yaml);
}

function write(yaml: string, project: string, { path, from, edit }: Difference): string {
  if (edit) return editMap(yaml, yamlPath(project, path), edit as Record<string, Value>);
  const whole = yamlPath(project, path);
  return editMap(yaml, whole.slice(0, -1), { [whole.at(-1)!]: from as Value });
}

/** Pulumi's own keys, such as `pulumi:autonaming`, already have a prefix. */
function yamlPath(project: string, [section = "", ...rest]: readonly string[]): string[] {
  return ["config", section.includes(":") ? section : `${project}:${section}`, ...rest];
}

/** The `config:` of a stack file by section, without the project's prefix. */
export function configOf(yaml: string, project: string): Record<string, unknown> {
  const document = parseDocument(yaml, asPulumiReads);
  if (!isYamlMap(document.get("config"))) return {};
  const { config } = document.toJS() as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(new RegExp(`^${project}:`), ""), value]),
  );
}
