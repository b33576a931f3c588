import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { SLOTS } from "./instance/addresses";
import { cacheDir } from "./paths";
import { pluginBin } from "./plugins/index";
import { consoleProgress, type Progress } from "./progress";
import { ensurePulumi } from "./tools";
import { reachable } from "./tools/http";
import { pluginVersions } from "./versions";

export interface PulumiOptions {
  /** The directory of the stack's state and passphrase. It is created if it does not exist. */
  stateDir: string;
  kubeconfig: string;
  /** Whether stand-in plugins may be used where the official ones cannot be installed: on the local cluster only. */
  standIns: boolean;
  progress?: Progress;
}

const aDay = 24 * 60 * 60 * 1000;

/**
 * The environment in which the Pulumi CLI runs. It neither reads nor changes the user's own login, stacks, plugins and
 * kubeconfig. An undefined value removes a variable of the user's environment.
 */
export async function pulumiEnv({
  stateDir,
  kubeconfig,
  standIns,
  progress = consoleProgress(),
}: PulumiOptions): Promise<NodeJS.ProcessEnv> {
  const backend = path.join(stateDir, "backend");
  await fs.mkdir(backend, { recursive: true, mode: 0o700 });
  const { bin } = await ensurePulumi(progress);
  const own: NodeJS.ProcessEnv = {
    PULUMI_HOME: path.join(cacheDir(), "pulumi"),
    PULUMI_BACKEND_URL: pathToFileURL(backend).href,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile(stateDir),
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_STACK: undefined,
    PULUMI_IGNORE_AMBIENT_PLUGINS: undefined,
    PULUMI_SKIP_CHECKPOINTS: undefined,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    KUBECONFIG: kubeconfig,
    // The local cluster is on this machine, so a proxy to the outside can't reach it.
    NO_PROXY: noProxy(process.env),
    no_proxy: noProxy(process.env),
    PATH: searchPath(path.dirname(process.execPath), bin),
  };
  if (!standIns || (await officialPlugins(own, aDay))) return own;
  return {
    ...own,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The user may have a directory with official plugins that were built by hand.
    PATH: searchPath(path.dirname(process.execPath), bin, process.env.CLUSTER_STORAGE_PLUGINS, pluginBin()),
  };
}

const noProxy = ({ NO_PROXY, no_proxy }: NodeJS.ProcessEnv) =>
  [NO_PROXY ?? no_proxy, SLOTS.range].filter(Boolean).join(",");

const searchPath = (...first: (string | undefined)[]) =>
  [...first, process.env.PATH].filter(Boolean).join(path.delimiter);

/** The passphrase is random, for this stack alone, and only its owner can read it. */
async function passphraseFile(directory: string): Promise<string> {
  const file = path.join(directory, "passphrase");
  if (existsSync(file)) return file;
  const written = `${file}.${process.pid}`;
  await fs.writeFile(written, randomBytes(32).toString("base64url"), { mode: 0o600 });
  // A link, unlike a rename, never replaces what another process put there.
  await fs.link(written, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await fs.rm(written);
  return file;
}

/**
 * Whether the official plugins, at the SDKs' versions, are in this environment's PULUMI_HOME. Installs them where that
 * is possible. After a failure, it does not try again for `retryAfter` milliseconds; default 0.
 */
export async function officialPlugins(env: NodeJS.ProcessEnv, retryAfter = 0): Promise<boolean> {
  const missing = Object.entries(pluginVersions).filter(
    ([name, version]) => !existsSync(pluginProgram(env, name, version)),
  );
  if (missing.length === 0) return true;
  const failed = path.join(env.PULUMI_HOME!, "official-plugins-unavailable");
  const last = await fs.stat(failed).catch(() => undefined);
  if (last && Date.now() - last.mtimeMs < retryAfter) return false;
  const installed = (await pluginsReachable()) && (await install(missing, env));
  if (installed) await fs.rm(failed, { force: true });
  else await remember(failed);
  return installed;
}

function pluginProgram(env: NodeJS.ProcessEnv, name: string, version: string): string {
  const program = `pulumi-resource-${name}${process.platform === "win32" ? ".exe" : ""}`;
  return path.join(env.PULUMI_HOME!, "plugins", `resource-${name}-v${version}`, program);
}

/** The CLI looks in both places and waits long for one that does not answer, so this function asks first. */
async function pluginsReachable(): Promise<boolean> {
  const places = ["https://api.github.com/", "https://get.pulumi.com/releases/plugins/"];
  return (await Promise.all(places.map((url) => reachable(url, { mirror: false })))).includes(true);
}

async function install(plugins: [string, string][], env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const [name, version] of plugins) {
    const { failed } = await execa("pulumi", ["plugin", "install", "resource", name, version, "--non-interactive"], {
      env,
      timeout: 300_000,
      reject: false,
    });
    if (failed) return false;
  }
  return plugins.every(([name, version]) => existsSync(pluginProgram(env, name, version)));
}

async function remember(file: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, "");
}
