import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { readStackYaml } from "../../config/stack-yaml";
import { rules } from "../../policy/rules";
import { didYouMean } from "../../model/nearest";
import { UserError } from "../../model/user-error";

/** `all` is Pulumi's own name for every policy of a pack. */
const names = ["all", ...rules.map(({ name }) => name)];
const level = z.enum(["advisory", "mandatory", "disabled"]);
const settings = z.record(z.string(), z.union([level, z.looseObject({ enforcementLevel: level.optional() })]));

export type PolicySettings = z.infer<typeof settings>;

/** What a stack's settings leave of the policies. */
export interface PolicyLevels {
  /** The policies that stop no update. */
  optional: { name: string; level: "advisory" | "disabled" }[];
  /** The policies that a pull request sets otherwise than the branch that it goes to. */
  changed: string[];
}

/**
 * The policy settings in a stack's file, in the form of Pulumi's policy config file. `where`: how a message names the
 * file. Throws a UserError for any other form.
 */
export function policySettings(yaml: string, where: string, project: string): PolicySettings {
  const key = `${project}:policy`;
  const { config } = (readStackYaml(yaml) ?? {}) as { config?: Record<string, unknown> };
  const parsed = settings.safeParse(config?.[key] ?? {});
  if (parsed.success) {
    // Pulumi ignores a name that it doesn't know. Without this check the policy would stay on, and nobody would notice.
    const unknown = Object.keys(parsed.data).find((name) => !names.includes(name));
    if (unknown === undefined) return parsed.data;
    throw new UserError(
      `${where}: ${key}.${unknown}: there is no policy "${unknown}"${didYouMean(unknown, names)} ` +
        "(docs/policies.md); nothing was previewed",
    );
  }
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new UserError(
    `${where}: ${key}${at && `.${at}`} is neither advisory, mandatory or disabled, ` +
      "nor the settings of a policy (docs/policies.md); nothing was previewed",
  );
}

/** What the `used` settings leave of the policies. `own`: those of the pull request, which don't count yet. */
export function levelsOf(used: PolicySettings, own: PolicySettings = used): PolicyLevels {
  const optional = rules.flatMap(({ name, enforcementLevel }) => {
    const level = levelIn(used, name) ?? levelIn(used, "all") ?? enforcementLevel ?? "advisory";
    return level === "advisory" || level === "disabled" ? [{ name, level }] : [];
  });
  return { optional, changed: names.filter((name) => !isDeepStrictEqual(used[name], own[name])) };
}

const levelIn = (all: PolicySettings, name: string) => {
  const set = all[name];
  return typeof set === "string" ? set : set?.enforcementLevel;
};
