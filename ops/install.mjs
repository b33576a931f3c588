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
import { basename, dirname, join } from "node:path";
import { withLock } from "../local-cluster/lock.mjs";

/** A fault that the user can mend; it is printed without a stack. */
export class Fault extends Error {}

const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Installs what package-lock.json says into node_modules, by `npm ci`; does nothing where that is there already.
 * npm works in another directory, and its node_modules takes the place of ours only when it is complete. So an
 * installation that is killed leaves nothing half done.
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
    (pid) => note(`waiting for process ${pid}, which is installing the dependencies …`),
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

/**
 * Whether the user has run npm himself: npm keeps its own record of what it installed, and need not run twice.
 * The link to a workspace may be missing, because nothing imports a workspace by its name.
 */
function installedByHand(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const has = JSON.parse(readFileSync(record, "utf8")).packages;
  const wants = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wants).every(
    ([path, { version, optional, link }]) =>
      path === "" ||
      link ||
      (has[path]?.version === version && existsSync(join(root, path))) ||
      (optional && !has[path]),
  );
}

const asidePrefix = ".node_modules-";

async function installAside(root, note) {
  for (const left of readdirSync(root).filter((name) => name.startsWith(asidePrefix))) discard(join(root, left));
  const aside = join(root, `${asidePrefix}${process.pid}`);
  mkdirSync(aside);
  try {
    for (const file of filesForNpm(root)) {
      mkdirSync(dirname(join(aside, file)), { recursive: true });
      copyFileSync(join(root, file), join(aside, file));
    }
    await npmCi(aside, note);
    writeFileSync(stampFile(aside), wanted(aside));
    if (existsSync(join(root, "node_modules"))) renameSync(join(root, "node_modules"), join(aside, "replaced"));
    renameSync(join(aside, "node_modules"), join(root, "node_modules"));
  } finally {
    discard(aside);
  }
}

/** `npm ci` reads these: they say what to install. npm links a workspace by a relative path, which stays right. */
function filesForNpm(root) {
  const { workspaces = [] } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = ["package.json", "package-lock.json", ".npmrc"].filter((file) => existsSync(join(root, file)));
  return [...files, ...workspaces.map((folder) => join(folder, "package.json"))];
}

/** Removes a directory. Where an npm that outlived its killed parent still writes to it, the next run tries again. */
function discard(directory) {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    return;
  }
}

// No package here needs its install script, and those of Pulumi's SDKs would download plugins into the user's own
// Pulumi home.
const npmArguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
// Where there is no network, npm's own waits add up to minutes.
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
  const life = setInterval(() => note(`still installing the dependencies (${seconds()}s)`), 15_000);
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
      "npm cannot reach its registry, so the dependencies were not installed. Check the network, and the address " +
      "that `npm config get registry` shows."
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
    child.once("error", () => reject(new Fault("npm is not on PATH, and it is needed to install the dependencies.")));
    child.once("close", (code) => resolve({ code, output }));
  });
}
