import { readFile } from "node:fs/promises";
import { readStackYaml } from "../../config/stack-yaml";
import { isSealed, placesOf } from "../../model/hidden";
import { ifThere } from "../pulumi/if-there";
import { stackFile } from "../pulumi/project";
import { exportState, pulumi, type Stack } from "../pulumi/stack";
import type { StateExport } from "../pulumi/state";

/**
 * The values that the stack's file calls secret, and those that the state still has in plain text in the same places:
 * a variable that became secret since the last update. A preview prints the second kind as what goes.
 */
export async function secretsOfStack(stack: Stack): Promise<string[]> {
  const file = stack.configFile ?? stackFile(stack.name);
  const text = (await ifThere(readFile(file, "utf8"))) ?? "";
  const { config } = (readStackYaml(text) ?? {}) as { config?: object | null };
  const places = placesOf(config ?? {}, isSealed);
  if (places.length === 0) return [];
  const show = ["config", "--json", "--show-secrets", "--stack", stack.name, "--config-file", file];
  const [opened, state] = await Promise.all([
    // Who can't decrypt the config can't preview either; the preview says so.
    pulumi(stack, show, { cwd: stack.program }).catch(() => "{}"),
    exportState(stack).catch(() => undefined),
  ]);
  return [...openedAt(JSON.parse(opened) as Opened, places), ...(state ? plainInState(state, places) : [])];
}

type Opened = Record<string, { value?: string; objectValue?: unknown }>;

/** What `pulumi config --json --show-secrets` has at the places of a stack file. */
export function openedAt(opened: Opened, places: readonly PropertyKey[][]): string[] {
  return places.flatMap(([key, ...rest]) => {
    const { value, objectValue } = opened[String(key)] ?? {};
    const found = rest.length === 0 ? value : rest.reduce((inner, part) => (inner as never)?.[part], objectValue);
    return typeof found === "string" ? [found] : [];
  });
}

/** The plain values of the variables that are secret in the stack file, wherever the state has them. */
export function plainInState({ deployment }: StateExport, places: readonly PropertyKey[][]): string[] {
  const names = new Set(places.filter((place) => place.at(-2) === "env").map((place) => place.at(-1)));
  const found = new Set<string>();
  for (const { type, inputs, outputs } of deployment.resources ?? []) {
    if (!type.startsWith("kubernetes:")) continue;
    JSON.stringify([inputs, outputs], (_key, part: unknown) => {
      const { name, value } = (part ?? {}) as { name?: string; value?: unknown };
      if (names.has(name as PropertyKey) && typeof value === "string") found.add(value);
      return part;
    });
  }
  return [...found];
}
