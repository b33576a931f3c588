import { readFile, rename, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { readStackYaml } from "../../config/stack-yaml";
import type { Progress } from "../../local-cluster/progress";
import { UserError } from "../../model/user-error";
import { localConfig, writtenConfig } from "../pulumi/local-config";
import type { Overrides } from "../pulumi/overrides";
import { readStackConfig } from "../pulumi/project";
import { planOf } from "../pulumi/stack-plan";
import { recoverStack } from "../recover/run";
import { rememberKeys } from "../restore/prepare-fill";
import { ensureStack, up, type Stack } from "../pulumi/stack";
import type { Target } from "../pulumi/target";
import { assertAllGiven, keepGiven, missingSecrets } from "./given-secrets";
import type { Committed } from "./overrides";
import { overridesFile } from "../pulumi/deployed-overrides";

/** How long to wait for an update that an earlier, killed start left running. */
const patience = 15 * 60_000;

/** The parts of the stack's committed config that may differ on the local cluster. */
export async function readCommitted(stack: Pick<Stack, "name" | "configFile">): Promise<Committed> {
  const text = await readStackConfig(stack.name);
  const before = await writtenConfig(stack);
  const { config } = readStackYaml(text) as {
    config?: Record<string, Record<string, { type?: string } | null> | undefined>;
  };
  const backends = Object.entries(config?.["cluster-storage:backends"] ?? {});
  return {
    services: Object.keys(config?.["cluster-storage:services"] ?? {}),
    localPaths: backends.filter(([, backend]) => backend?.type === "local-path").map(([name]) => name),
    // Of another stack's backups nothing is deployed, because their secrets can't be read.
    ...(config?.["cluster-storage:backups"] !== undefined && {
      backups: missingSecrets(text, before).length === 0,
    }),
  };
}

/** Brings the stack to the committed config with `overrides`, after repairing what an interrupted run left. */
export async function deploy({ stack, connect }: Target, overrides: Overrides, progress: Progress): Promise<void> {
  assertAllGiven(await readStackConfig(stack.name), await writtenConfig(stack));
  await keepGiven(stack);
  await writeConfig(stack, overrides);
  const { left } = await recoverStack(stack, connect, { say: progress.info, wait: patience });
  if (left.length > 0) throw new UserError("nothing was deployed; delete or rename the objects named above first");
  await ensureStack(stack);
  await rememberKeysOf(stack, connect, progress);
  const log: string[] = [];
  try {
    await update(stack, progress, (line) => log.push(line));
  } finally {
    await writeFile(path.join(path.dirname(stack.home), "up.log"), `${log.join("\n")}\n`, { mode: 0o600 });
  }
}

/** Of a stack without backups nothing is planned here: what is wrong with it is Pulumi's to say. */
async function rememberKeysOf(stack: Stack, connect: Target["connect"], progress: Progress): Promise<void> {
  const text = await readFile(stack.configFile ?? "", "utf8");
  if (!/:backups["']?:/.test(text)) return;
  const { plan } = planOf(text, { project: stack.project, stack: stack.name });
  await rememberKeys(stack, connect(), plan, progress);
}

/** Runs `pulumi up`, and shows as progress which resource it works on. */
export async function update(stack: Stack, progress: Progress, onLine?: (line: string) => void): Promise<void> {
  await progress.step("deploying the stack (pulumi up)", async (note) => {
    const counts = await up(stack, (line) => {
      onLine?.(line);
      const resource = readProgress(line);
      if (resource) note(resource);
    });
    progress.info(`resources: ${describeCounts(counts)}`);
  });
}

/** `2 created, 60 unchanged`. */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(", ") || "none"
  );
}

/** The work that a line of `pulumi up` reports, such as `StatefulSet postgres creating`; undefined for other lines. */
export function readProgress(line: string): string | undefined {
  const match = /^\s*[+~-]+\s+\S*?(\w+)\s+(\S+)\s+(creating|updating|replacing|deleting)\b/.exec(line);
  return match ? `${match[1]} ${match[2]} ${match[3]}` : undefined;
}

/** Writes the config file whole or not at all, because a start may be killed and the next one reads the file. */
export async function writeConfig(stack: Stack, overrides: Overrides): Promise<void> {
  const file = stack.configFile;
  if (file === undefined) throw new Error("a stack of our own has a config file of its own");
  await writeFile(overridesFile(stack), JSON.stringify(overrides), { mode: 0o600 });
  const before = await writtenConfig(stack);
  const wanted = await localConfig(stack, await readStackConfig(stack.name), overrides);
  if (wanted === before) return;
  await writeFile(`${file}.new`, wanted, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
