import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { rules } from "../../policy/rules";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";
import { readStackConfig } from "../pulumi/project";
import { withDirectory } from "../pulumi/scratch";

/** What a policy finds wrong with a resource. */
export interface Violation {
  level: "mandatory" | "advisory";
  policy: string;
  /** `PersistentVolumeClaim redis-data`: kind and name in the stack. */
  resource: string;
  message: string;
}

const configKey = "cluster-storage:policy";
/** `all` is Pulumi's own name for every policy of a pack. */
const names = ["all", ...rules.map(({ name }) => name)];
const level = z.enum(["advisory", "mandatory", "disabled"]);
const settings = z.record(z.string(), z.union([level, z.looseObject({ enforcementLevel: level.optional() })]));

/**
 * The policy settings in a stack's file, in the form of Pulumi's policy config file. Throws a UserError for
 * any other form.
 */
export function policySettings(yaml: string, stack: string): z.infer<typeof settings> {
  const { config } = (parse(yaml) ?? {}) as { config?: Record<string, unknown> };
  const parsed = settings.safeParse(config?.[configKey] ?? {});
  if (parsed.success) {
    // Pulumi ignores a name that it doesn't know. Without this check the policy would stay on, and nobody would notice.
    const unknown = Object.keys(parsed.data).find((name) => !names.includes(name));
    if (unknown === undefined) return parsed.data;
    throw new UserError(
      `Pulumi.${stack}.yaml: ${configKey}.${unknown}: there is no policy ` +
        `"${unknown}"${didYouMean(unknown, names)} (docs/policies.md); nothing was previewed`,
    );
  }
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new UserError(
    `Pulumi.${stack}.yaml: ${configKey}${at && `.${at}`} is neither advisory, mandatory or disabled, ` +
      "nor the settings of a policy (docs/policies.md); nothing was previewed",
  );
}

/**
 * Runs `work` with the CLI arguments that turn the policies on, as the stack's file sets them. The arguments are for
 * the program's directory.
 */
export async function withPolicies<T>(stack: string, work: (args: string[]) => Promise<T>): Promise<T> {
  const chosen = policySettings(await readStackConfig(stack), stack);
  return withDirectory("policies", async (directory) => {
    const file = path.join(directory, "config.json");
    await writeFile(file, JSON.stringify(chosen));
    return work(["--policy-pack", "policy", "--policy-pack-config", file]);
  });
}

/**
 * The first line of a violation: pack, level, policy, resource, and the policy's description. The message is on the
 * next line.
 */
const violation = /^\s+\S+@v\S+ \[(mandatory|advisory)\]\s+(\S+)\s+\((\S+): (.+?)\)/;

/** The violations in what `pulumi preview --diff` printed. */
export function readViolations(printed: string): Violation[] {
  const lines = printed.split("\n");
  return lines.flatMap((line, i): Violation[] => {
    const match = violation.exec(line);
    if (!match) return [];
    const [, level, policy, type, name] = match as unknown as [string, Violation["level"], string, string, string];
    return [{ level, policy, resource: `${type.split(":").at(-1)} ${name}`, message: lines[i + 1]?.trim() ?? "" }];
  });
}
