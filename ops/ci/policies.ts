import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { projectName, readStackConfig } from "../pulumi/project";
import { withDirectory } from "../pulumi/scratch";
import { readFromBase } from "./base-branch";
import type { PullRequest } from "./github-run";
import { levelsOf, policySettings, type PolicyLevels } from "./policy-levels";

/** What a policy finds wrong with a resource. */
export interface Violation {
  level: "mandatory" | "advisory";
  policy: string;
  /** `PersistentVolumeClaim redis-data`: kind and name in the stack. */
  resource: string;
  message: string;
}

/** What the policies of one preview or update went by. */
export interface Policies {
  /** The CLI arguments that turn them on, for the program's directory. */
  args: string[];
  levels: PolicyLevels;
}

/**
 * Runs `work` with the policies on, as the stack's file sets them. A pull request is judged by that file as the branch
 * has it into which it goes: otherwise it could switch off what would refuse it.
 */
export async function withPolicies<T>(
  stack: string,
  pull: PullRequest | undefined,
  work: (policies: Policies) => Promise<T>,
): Promise<T> {
  const [file, project] = [`Pulumi.${stack}.yaml`, await projectName()];
  const own = policySettings(await readStackConfig(stack), file, project);
  const used =
    pull === undefined
      ? own
      : policySettings(await readFromBase(file, pull), `${file} of the branch that this goes to`, project);
  return withDirectory("policies", async (directory) => {
    const config = path.join(directory, "config.json");
    await writeFile(config, JSON.stringify(used));
    const args = ["--policy-pack", "policy", "--policy-pack-config", config];
    return work({ args, levels: levelsOf(used, own) });
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
