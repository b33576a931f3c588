import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../model/user-error";
import { checkout } from "../pulumi/project";

const rulesSchema = z.strictObject({
  intent: z.array(z.strictObject({ paths: z.array(z.string().min(1)).min(1), reason: z.string().min(1) })),
});

/** The paths that may differ on purpose, with the reason. */
export type Rules = z.infer<typeof rulesSchema>["intent"];

const rulesFile = "promotion.yaml";

/** Reads promotion.yaml's text. Throws a UserError if it isn't valid. */
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
 * Reads the rules of the checkout or of another directory. Throws a UserError if there is no file: without rules, every
 * difference would be carried.
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

/** Applies whatever the file says: a stack that took over another stack's cluster would leave its data behind. */
const ownCluster = "each stack is on a cluster of its own";

/** Applies whatever the file says: another cluster has no node of that name, or a different one. */
export const ownNodes = "each cluster has nodes of its own";

/**
 * Why a difference at `at` is on purpose: a rule covers the path or one above it. What a rule says of every service
 * (`services.*.resources`) it also says of their defaults. Undefined if none does.
 */
export function reasonFor(at: readonly string[], rules: Rules): string | undefined {
  return at[0] === "defaults"
    ? (covering(at, rules) ?? covering(["services", "*", ...at.slice(1)], rules))
    : covering(at, rules);
}

function covering(at: readonly string[], rules: Rules): string | undefined {
  return rules.find(({ paths }) => paths.some((pattern) => matches(pattern.split("."), at)))?.reason ?? own(at);
}

/** Applies whatever the file says: each stack has passwords of its own. */
const ownPasswords = "each stack has passwords of its own";

function own(at: readonly string[]): string | undefined {
  if (at[0] === "cluster") return ownCluster;
  if (at[0] === "services" && at.length === 3 && at[2] === "rotation") return ownPasswords;
  return at[0] === "services" && at.at(-1) === "node" ? ownNodes : undefined;
}

/** Whether a pattern covers a path. It covers what it names and everything below that. */
function matches([part, ...rest]: readonly string[], at: readonly string[]): boolean {
  if (part === undefined) return true;
  if (part === "**") return at.some((_, i) => matches(rest, at.slice(i)));
  return at.length > 0 && (part === "*" || part === at[0]) && matches(rest, at.slice(1));
}
