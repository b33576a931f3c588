// Every npm script calls this. It makes sure that the dependencies are installed, then runs the command under Node 22.
// It is plain JavaScript for Node 18 and later, because it runs before anything is installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import nodeVersion from "../node-version.cjs";
import { Fault, installDependencies } from "./install.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
// transpile.cjs compiles each file once and keeps the result: otherwise loading a command takes longer than its work.
const ts = (file, ...args) => ["--require", "./transpile.cjs", file, ...args];
const ops = (name) => ts(`ops/commands/${name}.ts`);
const mocha = (...args) => ["node_modules/mocha/bin/mocha.js", "--require", "ts-node/register/transpile-only", ...args];
const suite = (...name) => ts("tests/run.ts", ...name);

const commands = {
  start: ops("start"),
  stop: ops("stop"),
  status: ops("status"),
  verify: ops("verify"),
  recover: ops("recover"),
  move: ops("move"),
  release: ops("release"),
  rotate: ops("rotate"),
  backup: ops("backup"),
  restore: ops("restore"),
  drill: ops("drill"),
  preflight: ops("preflight"),
  impact: ops("impact"),
  promote: ops("promote"),
  adopt: ops("adopt"),
  ...Object.fromEntries(
    ["preview", "comment", "drift", "drill", "issue", "deploy", "promote", "stacks", "rules", "audit"].map((name) => [
      `ci:${name}`,
      ops(`ci-${name}`),
    ]),
  ),
  "at-destroy": ops("at-destroy"),
  "prepare-node": ops("prepare-node"),
  golden: ts("tests/golden.ts"),
  schema: ops("schema"),
  pin: ops("pin"),
  bench: ts("bench/run.ts"),
  lint: suite("lint"),
  format: ["node_modules/prettier/bin/prettier.cjs", "--write", "."],
  typecheck: ["node_modules/typescript/bin/tsc", "--noEmit"],
  test: suite(),
  "test:unit": suite("unit"),
  "test:programs": suite("programs"),
  "test:offline": suite("typecheck,lint,unit"),
  "test:workflows": suite("workflows"),
  "test:backups": suite("backups"),
  "test:contract": suite("contract"),
  "test:e2e": suite("e2e"),
  "test:moves": ts("tests/e2e/moves/run.ts"),
  "test:hands": ts("tests/e2e/hands/run.ts"),
  "test:real": mocha("--require", "./tests/e2e/real/hooks.ts", "--timeout", "600000", "tests/e2e/real/*.test.ts"),
  "test:interrupted": mocha(
    "--require",
    "./tests/e2e/hooks.ts",
    "--timeout",
    "600000",
    "tests/e2e/interrupted.test.ts",
  ),
  "test:restores": mocha("--require", "./tests/e2e/hooks.ts", "--timeout", "600000", "tests/e2e/restores/*.test.ts"),
  "test:rustic": mocha("--timeout", "60000", "tests/second-reader/*.test.ts"),
  "test:manifests": suite("manifests"),
};

function findNode() {
  const installed = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(installed)) return installed;
  if (nodeVersion.versionFault(process.versions.node) === undefined) return process.execPath;
  throw new Fault(
    `Node ${nodeVersion.oldest} or newer is needed. This is Node ${process.versions.node}, and npm has no newer ` +
      `one for ${process.platform} on ${process.arch}: install one and put it on PATH.`,
  );
}

function run(node, args) {
  return new Promise((resolve, reject) => {
    const PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
    const child = spawn(node, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH } });
    forwardSignals(child);
    child.once("error", (error) => reject(new Fault(`cannot run ${node}: ${error.message}`)));
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function forwardSignals(child) {
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  let last = 0;
  process.on("SIGINT", () => {
    // Ctrl-C reaches the child by itself, and npm passes it on once more. One press must not count as two.
    const again = Date.now() - last < 1000;
    last = Date.now();
    if (!process.stdin.isTTY && !again) child.kill("SIGINT");
  });
}

async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
  if (!command)
    throw new Fault(`There is no command "${name ?? ""}". The commands are: ${Object.keys(commands).join(", ")}`);
  await installDependencies(root);
  return run(findNode(), [...command, ...args]);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    process.stderr.write(`${error instanceof Fault ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
