import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepFile, withDirectory, writePrivate } from "../../../ops/pulumi/scratch";

const repository = join(__dirname, "..", "..", "..");

describe("a command's temporary files", () => {
  let directory: string;
  const were = process.env.TMPDIR;
  beforeEach(() => (process.env.TMPDIR = directory = mkdtempSync(join(tmpdir(), "scratch-"))));
  afterEach(() => {
    if (were === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = were;
    rmSync(directory, { recursive: true });
  });

  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
  const left = () => readdirSync(directory);

  it("are this user's alone, have no name that can be foreseen, and go with the work", async () => {
    const used: string[] = [];
    for (const ends of [async () => undefined, () => Promise.reject(new Error("the work failed"))])
      await withDirectory("kubeconfig", async (own) => {
        used.push(own);
        writePrivate(join(own, "config"), "token: secret");
        assert.deepEqual([modeOf(own), modeOf(join(own, "config"))], ["700", "600"]);
        await ends();
      }).catch((error: Error) => assert.equal(error.message, "the work failed"));
    for (const own of used) assert.match(own, /\/cluster-storage-kubeconfig-\w{6}$/);
    assert.notEqual(used[0], used[1]);
    assert.deepEqual(left(), []);
  });

  it("are never written over what is there, nor through a link", () => {
    const victim = join(directory, "victim");
    writeFileSync(victim, "before");
    symlinkSync(victim, join(directory, "config"));
    for (const file of [victim, join(directory, "config")])
      assert.throws(() => writePrivate(file, "secret"), { code: "EEXIST" });
  });

  it("stay where a person shall read them", () => {
    const file = keepFile("error", "detail.log", "what happened");
    assert.match(file, /\/cluster-storage-error-\w{6}\/detail\.log$/);
    assert.deepEqual([modeOf(join(file, "..")), modeOf(file)], ["700", "600"]);
  });

  /** A command that holds a kubeconfig, whose path is `own`. */
  async function hold(): Promise<{ child: ChildProcess; own: string }> {
    const script = `
      const { withKubeconfig } = require("./ops/ci/credentials.ts");
      const { main } = require("./ops/terminal/main.ts");
      process.env.CI_KUBECONFIG = "token: secret";
      main(() => withKubeconfig(async () => {
        console.log(process.env.KUBECONFIG);
        await new Promise((done) => setTimeout(done, 60_000));
      }));`;
    const child = spawn(process.execPath, ["--require", "./transpile.cjs", "-e", script], {
      cwd: repository,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [printed] = (await once(child.stdout!, "data")) as [Buffer];
    const file = String(printed).trim();
    assert.equal(modeOf(file), "600");
    return { child, own: file };
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`are gone after ${signal}`, async () => {
      const { child } = await hold();
      const ended = once(child, "exit");
      child.kill(signal);
      assert.deepEqual(await ended, [130, null]);
      assert.deepEqual(left(), []);
    });
  }

  it("are removed by the next command after SIGKILL, and those of a running one are not", async () => {
    const { child, own } = await hold();
    const running = await hold();
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    assert(existsSync(own), "nobody could remove it");
    mkdirSync(join(directory, "cluster-storage-foreign-abcdef"));
    const next = await hold();
    assert(!existsSync(own));
    assert(existsSync(running.own) && existsSync(join(directory, "cluster-storage-foreign-abcdef")));
    for (const each of [running, next]) {
      const over = once(each.child, "exit");
      each.child.kill();
      await over;
    }
    assert.deepEqual(left(), ["cluster-storage-foreign-abcdef"]);
  });
});
