import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { execa } from "execa";

/** Takes the compiler's place: prints what it was given, then does it. */
const program = `
const [, , , wanted] = process.argv;
const end = (signal) => { console.log(signal); process.exit(7); };
if (wanted === "wait") for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(signal));
if (wanted === "wait") setInterval(() => {}, 1000);
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), first: process.env.PATH.split(":")[0] }));
if (wanted === "die") process.kill(process.pid, "SIGKILL");
process.exitCode = Number(wanted) || 0;
`;

describe("ops/run.mjs", () => {
  let root: string;
  before(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "run-")));
    for (const file of ["package.json", "node-version.cjs", "ops/run.mjs", "ops/install.mjs", "local-cluster/lock.mjs"])
      await fs.cp(file, path.join(root, file));
    await fs.mkdir(path.join(root, "node_modules/typescript/bin"), { recursive: true });
    await fs.writeFile(path.join(root, "node_modules/typescript/bin/tsc"), program);
    // With nothing to install, what is there is whole.
    for (const file of ["package-lock.json", "node_modules/.package-lock.json"])
      await fs.writeFile(path.join(root, file), JSON.stringify({ packages: {} }));
  });
  after(() => fs.rm(root, { recursive: true }));

  const run = (...args: string[]) =>
    execa(process.execPath, [path.join(root, "ops/run.mjs"), ...args], { reject: false, cwd: tmpdir() });

  it("runs a command in the checkout with its arguments, and its Node first on PATH", async () => {
    const { stdout, exitCode } = await run("typecheck", "0", "--json");
    assert.deepEqual(JSON.parse(stdout), {
      args: ["--noEmit", "0", "--json"],
      cwd: root,
      first: path.dirname(process.execPath),
    });
    assert.equal(exitCode, 0);
  });

  it("passes the exit code on", async () => {
    assert.equal((await run("typecheck", "3")).exitCode, 3);
    assert.equal((await run("typecheck", "die")).exitCode, 128 + 9);
  });

  it("names the commands when there is no such one", async () => {
    const { stderr, exitCode } = await run("strat");
    const [, listed = ""] = /^There is no command "strat". The commands are: (.*)$/.exec(stderr) ?? [];
    const { scripts } = JSON.parse(await fs.readFile("package.json", "utf8")) as { scripts: Record<string, string> };
    assert.deepEqual(listed.split(", ").sort(), Object.keys(scripts).sort(), "npm's scripts are the commands");
    assert.equal(exitCode, 1);
    assert.match((await run("toString")).stderr, /^There is no command "toString"/);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`passes ${signal} on`, async () => {
      const child = spawn(process.execPath, [path.join(root, "ops/run.mjs"), "typecheck", "wait"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (data) => (output += String(data)));
      await once(child.stdout, "data");
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number];
      assert.equal(output.trim().split("\n")[1], signal);
      assert.equal(code, 7);
    });
  }
});
