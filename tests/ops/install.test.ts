import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Fault, installDependencies } from "../../ops/install.mjs";

/** Notes its arguments, then does what the test wants: by default what npm does, its own record last. */
const npm = `
const fs = require("node:fs");
fs.appendFileSync(process.env.NPM_LOG, process.argv.slice(2).join(" ") + "\\n");
fs.mkdirSync("node_modules/thing", { recursive: true });
const finish = () => fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");
const link = () => {
  const { name } = JSON.parse(fs.readFileSync("part/package.json", "utf8"));
  fs.mkdirSync("node_modules/@our", { recursive: true });
  fs.symlinkSync("../../part", "node_modules/" + name);
  finish();
};
const fail = () => { console.error(process.env.NPM_SAYS); process.exit(1); };
const behaviour = { works: finish, links: link, hangs: () => setInterval(() => {}, 1000), fails: fail };
behaviour[process.env.NPM_BEHAVIOUR ?? "works"]();
`;

describe("installing the dependencies", () => {
  let root: string;
  const before = { ...process.env };
  const notes: string[] = [];

  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(tmpdir(), "install-"));
    notes.length = 0;
    await fs.writeFile(path.join(root, "npm-cli.js"), npm);
    await fs.writeFile(path.join(root, "package.json"), "{}");
    await lock("1.0.0");
    Object.assign(process.env, { npm_execpath: path.join(root, "npm-cli.js"), NPM_LOG: path.join(root, "npm.txt") });
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await fs.rm(root, { recursive: true, force: true });
  });

  const lock = (version: string) =>
    fs.writeFile(
      path.join(root, "package-lock.json"),
      JSON.stringify({
        packages: { "": {}, "node_modules/thing": { version }, "node_modules/other": { version, optional: true } },
      }),
    );
  const install = () => installDependencies(root, (text) => notes.push(text.replace(/\d+s/, "Ns")));
  const npmRuns = async () =>
    (await fs.readFile(path.join(root, "npm.txt"), "utf8").catch(() => "")).trim().split("\n").filter(Boolean);
  const folders = async () => (await fs.readdir(root)).filter((name) => name.includes("node_modules"));

  it("runs npm once, without install scripts, and says so", async () => {
    await install();
    await install();
    assert.deepEqual(await npmRuns(), [
      "ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=2 " +
        "--fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=8000 --fetch-timeout=60000",
    ]);
    assert.deepEqual(notes, ["installing the dependencies (npm ci) …", "… dependencies installed (Ns)"]);
    assert.deepEqual(await folders(), ["node_modules"]);
  });

  it("runs npm again when the lock file changed, and leaves nothing of before", async () => {
    await install();
    await fs.writeFile(path.join(root, "node_modules", "old"), "");
    await lock("1.0.1");
    await install();
    assert.equal((await npmRuns()).length, 2);
    assert.deepEqual((await fs.readdir(path.join(root, "node_modules"))).sort(), [
      ".cluster-storage-stamp",
      ".package-lock.json",
      "thing",
    ]);
  });

  it("takes what someone installed by hand, if it is what the lock file says", async () => {
    await fs.mkdir(path.join(root, "node_modules", "thing"), { recursive: true });
    // npm's record leaves out what is for other machines.
    await fs.writeFile(
      path.join(root, "node_modules", ".package-lock.json"),
      JSON.stringify({ packages: { "node_modules/thing": { version: "1.0.0" } } }),
    );
    await install();
    assert.deepEqual(await npmRuns(), []);
    await fs.rm(path.join(root, "node_modules", ".cluster-storage-stamp"));
    await lock("1.0.1");
    await install();
    assert.equal((await npmRuns()).length, 1);
  });

  it("gives npm the workspaces' package.json, and links them from where they are", async () => {
    const manifest = JSON.stringify({ name: "@our/part" });
    await fs.mkdir(path.join(root, "part"));
    await fs.writeFile(path.join(root, "part", "package.json"), manifest);
    await fs.writeFile(path.join(root, "package.json"), JSON.stringify({ workspaces: ["part"] }));
    process.env.NPM_BEHAVIOUR = "links";
    await install();
    const link = path.join(root, "node_modules", "@our", "part");
    assert.equal(await fs.readFile(path.join(link, "package.json"), "utf8"), manifest);
    assert.equal(await fs.realpath(link), path.join(await fs.realpath(root), "part"));
    assert.deepEqual(await folders(), ["node_modules"]);
  });

  it("does not run npm again where only the link to a workspace is missing", async () => {
    const packages = { "": {}, part: {}, "node_modules/@our/part": { resolved: "part", link: true } };
    await fs.mkdir(path.join(root, "part"));
    await fs.mkdir(path.join(root, "node_modules"));
    await fs.writeFile(path.join(root, "package-lock.json"), JSON.stringify({ packages }));
    await fs.writeFile(path.join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages: {} }));
    await install();
    assert.deepEqual(await npmRuns(), []);
  });

  it("lets two at once wait for one", async () => {
    await Promise.all([install(), install()]);
    assert.equal((await npmRuns()).length, 1);
    assert(notes.includes(`waiting for process ${process.pid}, which is installing the dependencies …`));
  });

  it("says in one line that the registry is out of reach, and keeps what was there", async () => {
    await install();
    await lock("1.0.1");
    Object.assign(process.env, { NPM_BEHAVIOUR: "fails", NPM_SAYS: "npm error code ENOTFOUND" });
    await assert.rejects(
      install(),
      new Fault(
        "npm cannot reach its registry, so the dependencies were not installed. Check the network, and the address " +
          "that `npm config get registry` shows.",
      ),
    );
    assert.deepEqual(await folders(), ["node_modules"]);
    assert.deepEqual(await fs.readdir(path.join(root, "node_modules", "thing")), []);
  });

  it("passes on what else npm says", async () => {
    Object.assign(process.env, { NPM_BEHAVIOUR: "fails", NPM_SAYS: "npm error code EUSAGE" });
    await assert.rejects(install(), new Fault("npm ci failed:\nnpm error code EUSAGE"));
    assert.deepEqual(await folders(), []);
  });

  it("says that there is no npm", async () => {
    Object.assign(process.env, { npm_execpath: "", PATH: root });
    await assert.rejects(install(), new Fault("npm is not on PATH, and it is needed to install the dependencies."));
  });

  it("leaves no half installation when it is killed, and cleans up in the next run", async () => {
    const script =
      `import(${JSON.stringify(path.resolve("ops/install.mjs"))}).then(({ installDependencies }) => ` +
      `installDependencies(${JSON.stringify(root)}))`;
    const env = { ...process.env, NPM_BEHAVIOUR: "hangs" };
    // Its own group, so that the npm it started can be ended with it.
    const child = spawn(process.execPath, ["--eval", script], { env, stdio: "ignore", detached: true });
    while ((await npmRuns()).length === 0) await new Promise((later) => setTimeout(later, 20));
    process.kill(-child.pid!, "SIGKILL");
    await once(child, "exit");
    assert.deepEqual(await folders(), [`.node_modules-${child.pid}`]);
    await install();
    assert.deepEqual(await folders(), ["node_modules"]);
  });
});
