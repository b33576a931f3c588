import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { withLock } from "../local-cluster/lock.mjs";

/** A fault the user can mend, printed without a stack. */
export class Fault extends Error {}

const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Brings node_modules to what package-lock.json says, by `npm ci`, where it isn't already.
 * npm works in a directory aside, whose result takes the place of node_modules when it is whole:
 * an installation that is killed leaves nothing half done.
 */
export async function installDependencies(root, note = (text) => process.stderr.write(`${text}\n`)) {
  if (isCurrent(root)) return;
  await withLock(
    `npm ci ${root}`,
    async () => {
      if (isCurrent(root)) return;
      if (installedByHand(root)) writeFileSync(stampFile(root), wanted(root));
      else await installAside(root, note);
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

const asidePrefix = ".node_modules-";

async function installAside(root, note) {
  for (const left of readdirSync(root).filter((name) => name.startsWith(asidePrefix))) discard(join(root, left));
  const aside = join(root, `${asidePrefix}${process.pid}`);
  mkdirSync(aside);
  try {
    const files = ["package.json", "package-lock.json", ".npmrc"].filter((file) => existsSync(join(root, file)));
    for (const file of files) copyFileSync(join(root, file), join(aside, file));
    await npmCi(aside, note);
    writeFileSync(stampFile(aside), wanted(aside));
    if (existsSync(join(root, "node_modules"))) renameSync(join(root, "node_modules"), join(aside, "replaced"));
    renameSync(join(aside, "node_modules"), join(root, "node_modules"));
  } finally {
    discard(aside);
  }
}

/** An npm that outlived its killed parent may still be writing there: the next installation tries again. */
function discard(directory) {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    return;
  }
}

// No package here needs its install script, and the plugin SDKs' would download into the user's own Pulumi home.
const npmArguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
// npm's own waits add up to minutes where there is no network.
const impatient = [
  "--fetch-retries=2",
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=8000",
  "--fetch-timeout=60000",
];

async function npmCi(directory, note) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  note("installing the dependencies (npm ci) …");
  const life = setInterval(() => note(`installing the dependencies: still at it (${seconds()}s)`), 15_000);
  try {
    const { code, output } = await npm(directory, [...npmArguments, ...impatient]);
    if (code !== 0) throw new Fault(explain(output));
    note(`… dependencies installed (${seconds()}s)`);
  } finally {
    clearInterval(life);
  }
}

function explain(output) {
  if (unreachable.test(output))
    return (
      "npm cannot reach its registry, and the dependencies are not installed: check the network or `npm config " +
      "get registry`."
    );
  return `npm ci failed:\n${output.trim()}`;
}

function npm(directory, args) {
  const script = process.env.npm_execpath ?? "";
  const ours = basename(script) === "npm-cli.js" && existsSync(script);
  const [program, first] = ours ? [process.execPath, [script]] : ["npm", []];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      shell: !ours && process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.once("error", () => reject(new Fault("npm is needed to install the dependencies, and is not on PATH.")));
    child.once("close", (code) => resolve({ code, output }));
  });
}
