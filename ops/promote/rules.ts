import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../model/user-error";
import { checkout } from "../pulumi/project";

const rulesSchema = z.strictObject({
  intent: z.array(z.strictObject({ paths: z.array(z.string().min(1)).min(1), reason: z.string().min(1) })),
});

/** What may differ on purpose: paths with the reason. */
export type Rules = z.infer<typeof rulesSchema>["intent"];

const rulesFile = "promotion.yaml";

/** Reads promotion.yaml's text. Throws a UserError where it says something else than it can. */
export function parseRules(yaml: string): Rules {
  const parsed = rulesSchema.safeParse(parse(yaml));
  if (parsed.success) return parsed.data.intent;
  const { path: at, message } = parsed.error.issues[0]!;
  throw new UserError(
    `${rulesFile}: ${at.join(".") || "the file"}: ${message}; ` +
      "under intent, list the paths that may differ and the reason",
  );
}

/**
 * The rules of the checkout, or another directory. Throws a UserError where there are none: all that differs would be
 * carried.
 */
export async function readRules(directory = checkout): Promise<Rules> {
  const text = await readFile(path.join(directory, rulesFile), "utf8").catch(() => undefined);
  if (text === undefined)
    throw new UserError(
      `there is no ${rulesFile} in this checkout, which lists what may differ on purpose (docs/promotion.md); ` +
        "nothing was changed",
    );
  return parseRules(text);
}

/** Whatever the file says: with another's cluster a stack would leave its data. */
const ownCluster = "each stack is on a cluster of its own";

/** Whatever the file says: another cluster has no node of that name, or another one. */
export const ownNodes = "each cluster has nodes of its own";

/** Why a difference at `at`, or below what a rule names, is meant; undefined where it isn't. */
export function reasonFor(at: readonly string[], rules: Rules): string | undefined {
  return rules.find(({ paths }) => paths.some((pattern) => matches(pattern.split("."), at)))?.reason ?? own(at);
}

function own(at: readonly string[]): string | undefined {
  if (at[0] === "cluster") return ownCluster;
  return at[0] === "services" && at.at(-1) === "node" ? ownNodes : undefined;
}

/** A pattern covers what it names and everything below it. */
function matches([part, ...rest]: readonly string[], at: readonly string[]): boolean {
  if (part === undefined) return true;
  if (part === "**") return at.some((_, i) => matches(rest, at.slice(i)));
  return at.length > 0 && (part === "*" || part === at[0]) && matches(rest, at.slice(1));
}
