import { globSync } from "node:fs";
import { readFile, readlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { findProcess, parentOf } from "./process";
import type { Stack } from "./stack";

/** A process of a plugin that goes on though the CLI that started it is gone. */
export interface LonePlugin {
  pid: number;
  /** Such as `pulumi-resource-kubernetes`. */
  program: string;
  started: Date;
}

/** What is known of a running process. */
export interface PluginProcess {
  /** Its arguments, the program first. */
  command: string[];
  cwd: string;
  env: ReadonlyMap<string, string>;
  /** The name of the program that started it, or that took it over. */
  parent: string;
}

/** The plugin that a process is; undefined for anything else. An interpreter's script counts as the program. */
export function pluginOf(command: readonly string[]): string | undefined {
  const named = command.slice(0, 3).map((argument) => basename(argument));
  const standIn = command.findIndex((argument) => argument.endsWith("/plugins/launch.cjs"));
  return (
    named.find((name) => /^pulumi-resource-[\w-]+$/.test(name)) ??
    (standIn < 0 ? undefined : `pulumi-resource-${command[standIn + 1]}`)
  );
}

/**
 * Whether a process is a plugin of this stack's project and state whose CLI is gone. Which of several stacks in one
 * backend it works for can't be told, so it counts for each of them.
 */
export function isLone({ command, cwd, env, parent }: PluginProcess, { project, program, env: own }: Stack): boolean {
  if (pluginOf(command) === undefined || /^pulumi/.test(parent)) return false;
  const backend = env.get("PULUMI_BACKEND_URL");
  const sameBackend =
    backend === undefined || own.PULUMI_BACKEND_URL === undefined || backend === own.PULUMI_BACKEND_URL;
  return sameBackend && (env.get("PULUMI_PROJECT") ?? project) === project && cwd === program;
}

/** The plugins of this stack's project that go on alone on this host. Found on Linux only. */
export async function lonePlugins(stack: Stack): Promise<LonePlugin[]> {
  if (process.platform !== "linux") return [];
  const found = await Promise.all(
    globSync("/proc/[0-9]*/cmdline").map(async (file) => {
      const pid = Number(basename(dirname(file)));
      const command = (await text(file)).split("\0").slice(0, -1);
      const program = pluginOf(command);
      if (program === undefined) return undefined;
      const [fact, cwd, env, parent] = await Promise.all([
        findProcess(pid),
        readlink(`/proc/${pid}/cwd`).catch(() => ""),
        text(`/proc/${pid}/environ`),
        parentOf(pid),
      ]);
      if (!fact) return undefined;
      const process = { command, cwd, env: variables(env), parent: parent?.name ?? "" };
      return isLone(process, stack) ? { pid, program, started: fact.started } : undefined;
    }),
  );
  return found.filter((plugin) => plugin !== undefined);
}

/** One clause on plugins that still work, and what can be done. */
export function describeLone(plugins: readonly LonePlugin[]): string {
  const each = plugins.map(({ pid, program, started }) => `${program}, process ${pid}, since ${started.toISOString()}`);
  return (
    `the Pulumi CLI is gone, but a plugin that it started still works in the cluster (${each.join("; ")}). What it ` +
    "makes now would be in no state. Wait until it has ended (up to 11 minutes), or end it: " +
    `kill ${plugins.map(({ pid }) => pid).join(" ")}. Then run npm run recover again`
  );
}

const variables = (environ: string) =>
  new Map(
    environ.split("\0").map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    }),
  );

/** A process that ended meanwhile, or that is another user's, has no text. */
const text = (file: string) => readFile(file, "utf8").catch(() => "");
