import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import type { Overrides } from "./overrides";
import type { Stack } from "./stack";

/** The file of the overrides, beside the config that the last start wrote. */
export const overridesFile = ({ home }: Stack) => path.join(path.dirname(home), "overrides.json");

/** What the last start laid over the committed config; undefined for a stack of the user's own. */
export async function deployedOverrides(stack: Stack): Promise<Overrides | undefined> {
  if (stack.configFile === undefined) return undefined;
  const text = await readFile(overridesFile(stack), "utf8").catch(() => undefined);
  if (text === undefined)
    throw new UserError(
      "the stack on this cluster was deployed by an earlier version, or not completely; run npm start to update it",
    );
  return JSON.parse(text) as Overrides;
}
