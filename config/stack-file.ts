import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { configFileVariable } from "./config-file-variable";
import { hideAsIn } from "./secrets";
import type { Fault } from "../model/plan";
import { readStackYaml, strayFaults } from "./stack-yaml";

/** The stack file, which says what of the config is secret, and what stands where Pulumi doesn't see it. */
export class StackFile {
  private readonly file: string;
  private values: unknown;

  constructor(private readonly stack: string) {
    this.file = process.env[configFileVariable] ?? path.resolve(`Pulumi.${stack}.yaml`);
  }

  /**
   * A config value with its secrets hidden.
   * @throws RunError where the file doesn't say which part is secret
   */
  hide(key: string, value: unknown): unknown {
    const hidden = hideAsIn(this.read()[key], value);
    if (hidden !== undefined) return hidden;
    throw new pulumi.RunError(
      `the config of stack "${this.stack}" has a secret in ${key}, and ${this.file} doesn't say which value it is, ` +
        `so nothing was changed: set ${configFileVariable} to the file that --config-file names, and set secrets in ` +
        "that file with pulumi config set --secret --path, not in an environment",
    );
  }

  /** Faults of what stands at the wrong place of the file; none where the file can't be read. */
  strays(project: string): Fault[] {
    return strayFaults(this.whole(), project, path.basename(this.file));
  }

  private read(): Record<string, unknown> {
    const { config } = (this.whole() ?? {}) as { config?: Record<string, unknown> | null };
    return config ?? {};
  }

  private whole(): unknown {
    try {
      return (this.values ??= readStackYaml(readFileSync(this.file, "utf8")) ?? {});
    } catch {
      return undefined;
    }
  }
}
