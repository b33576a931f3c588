import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitingStart } from "../../services/shared/waiting-start";

/** A program of that name, so that nothing else here is told to end. */
const name = `w${process.pid}`;

describe("a server whose image's start ends as soon as it is told to", () => {
  let directory: string;
  let begun: ChildProcess[] = [];
  const has = (file: string) => existsSync(join(directory, file));
  const program = (file: string, script: string) =>
    writeFileSync(join(directory, file), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "waiting-"));
    copyFileSync("local-cluster/images/stand-in/start.sh", join(directory, "entrypoint.sh"));
    chmodSync(join(directory, "entrypoint.sh"), 0o755);
    // It takes its time to put what it has on the disk.
    program(name, "trap 'sleep 1; : >flushed; exit 0' TERM\n: >serving\nwhile :; do sleep 0.1; done");
  });
  afterEach(() => {
    // One that hangs would keep Mocha from ending.
    for (const child of begun) child.kill("SIGKILL");
    begun = [];
    rmSync(directory, { recursive: true });
  });

  const start = (command: string[]) => {
    const [file = "", ...args] = command;
    const env = { ...process.env, STAND_IN_SERVER: `./${name}` };
    const child = spawn(file, args, { cwd: directory, env, stdio: "ignore" });
    begun.push(child);
    return child;
  };
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.on("exit", resolve));
  const until = async (file: string) => {
    for (const end = Date.now() + 20_000; !has(file) && Date.now() < end;) await delay(20);
    assert.ok(has(file), file);
  };

  /** Signals come to a shell that waits, as they do once a container is under way. */
  const waits = async (child: ChildProcess) => {
    const state = () => readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]![0];
    for (const end = Date.now() + 20_000; state() !== "S" && Date.now() < end;) await delay(20);
  };

  it("would be killed with it in the midst of its work", async () => {
    const first = start(["./entrypoint.sh"]);
    await until("serving");
    await waits(first);
    first.kill("SIGTERM");
    assert.equal(await ended(first), 143);
    assert.equal(has("flushed"), false);
    await until("flushed");
  });

  it("has the time that it needs", async () => {
    const first = start(waitingStart("./entrypoint.sh", name));
    await until("serving");
    first.kill("SIGTERM");
    assert.equal(await ended(first), 0);
    assert.equal(has("flushed"), true);
  });

  it("is told where it starts only after the signal", async () => {
    program("entrypoint.sh", `: >begun\nsleep 1\n./${name} &\nwait $!`);
    const first = start(waitingStart("./entrypoint.sh", name));
    await until("begun");
    first.kill("SIGTERM");
    assert.equal(await ended(first), 0);
    assert.equal(has("serving") && has("flushed"), true);
  });

  it("has it when the signal comes at any moment of its start", async () => {
    for (const after of [0, 2, 5, 13, 34]) {
      for (const file of ["serving", "flushed"]) rmSync(join(directory, file), { force: true });
      const [, , script = ""] = waitingStart("./entrypoint.sh", name);
      // The trap has to be there: before, the kernel passes over what a first process doesn't handle.
      const marked = script.replace("TERM INT\n", "TERM INT\n: >trapped\n");
      rmSync(join(directory, "trapped"), { force: true });
      const first = start(["sh", "-c", marked]);
      await until("trapped");
      await delay(after);
      first.kill("SIGTERM");
      assert.equal(await ended(first), 0, `${after} ms`);
      if (has("serving")) assert.equal(has("flushed"), true, `${after} ms`);
    }
  }).timeout(120_000);

  it("is the one that says how it ended, where nobody has told it to", async () => {
    program(name, "exit 7");
    assert.equal(await ended(start(waitingStart("./entrypoint.sh", name))), 7);
  });
});
