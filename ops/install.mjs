import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { withLock } from "../cluster/lock.mjs";

/** A fault the user can mend, printed without a stack. */
export class Fault extends Error {}

const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Brings node_modules to what package-lock.json says, by `npm ci`, where it isn't already.
 * A stamp written after the last step tells a finished installation from one that was killed.
 */
export async function installDependencies(root, note = (text) => process.stderr.write(`${text}\n`)) {
  if (isCurrent(root)) return;
  await withLock(
    `npm ci ${root}`,
    async () => {
      if (isCurrent(root)) return;
      if (!installedByHand(root)) await npmCi(root, note);
      writeFileSync(stampFile(root), wanted(root));
    },
    (pid) => note(`process ${pid} is installing the dependencies, waiting for it …`),
  );
}

const stampFile = (root) => join(root, "node_modules", ".cluster-storage-stamp");

function wanted(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform} ${process.arch}`;
}

function isCurrent(root) {
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), "utf8") === wanted(root);
}

/** npm keeps its own record of what it put there: someone who ran npm himself need not wait for it twice. */
function installedByHand(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const has = JSON.parse(readFileSync(record, "utf8")).packages;
  const wants = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wants).every(
    ([path, { version, optional }]) =>
      path === "" || (has[path]?.version === version && existsSync(join(root, path))) || (optional && !has[path]),
  );
}

// No package here needs its install script, and the plugin SDKs' would download into the user's own Pulumi home.
const npmArguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
// npm's own waits add up to minutes where there is no network.
const impatient = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=8000", "--fetch-timeout=60000"];

async function npmCi(root, note) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  note("installing the dependencies (npm ci) …");
  const life = setInterval(() => note(`installing the dependencies: still at it (${seconds()}s)`), 15_000);
  try {
    const { code, output } = await npm(root, [...npmArguments, ...impatient]);
    if (code !== 0) throw new Fault(explain(output));
    note(`… dependencies installed (${seconds()}s)`);
  } finally {
    clearInterval(life);
  }
}

function explain(output) {
  if (unreachable.test(output)) return "npm cannot reach its registry, and the dependencies are not installed: check the network or `npm config get registry`.";
  return `npm ci failed:\n${output.trim()}`;
}

function npm(root, args) {
  const script = process.env.npm_execpath ?? "";
  const ours = basename(script) === "npm-cli.js" && existsSync(script);
  const [program, first] = ours ? [process.execPath, [script]] : ["npm", []];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: !ours && process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.once("error", () => reject(new Fault("npm is needed to install the dependencies, and is not on PATH.")));
    child.once("close", (code) => resolve({ code, output }));
  });
}
