import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { recoverStack } from "../../../ops/recover/run";
import type { StateExport } from "../../../ops/pulumi/state";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";
import { interrupted, cluster, unreachable } from "./interrupted";

describe("recoverStack with a file backend", () => {
  const recovery = recoveryHooks();
  const { said, say } = recovery;

  const locks = () => join(recovery.directory, ".pulumi/locks/organization/shop/dev");
  const lockOf = async (pid: number, host: string) => {
    await mkdir(locks(), { recursive: true });
    await writeFile(
      join(locks(), "a.json"),
      JSON.stringify({ pid, username: "ann", hostname: host, timestamp: new Date() }),
    );
  };
  const checkpoint = async (state: StateExport) => {
    await mkdir(join(recovery.directory, ".pulumi/stacks/shop"), { recursive: true });
    await writeFile(
      join(recovery.directory, ".pulumi/stacks/shop/dev.json"),
      JSON.stringify({ version: 3, checkpoint: { latest: state.deployment } }),
    );
  };

  it("frees a dead process's lock, without starting the CLI where nothing else is wrong", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([]));
    await checkpoint(interrupted([]));
    await lockOf(4_194_305, hostname());
    const result = await recoverStack({ ...fake.stack, backend: recovery.directory }, unreachable, { say });
    assert.deepEqual(result, { clean: false, left: [] });
    assert.match(said.join("\n"), /^freed the lock of .*: process 4194305 of this host is gone$/);
    assert.deepEqual(await readdir(locks()), []);
    assert.deepEqual(await fake.calls(), []);
  });

  it("waits for an update that still runs, and goes on when it is dead", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([]));
    await checkpoint(interrupted([]));
    // Only the process's name matters, not what it does.
    await copyFile(process.execPath, join(recovery.directory, "pulumi"));
    const update = spawn(join(recovery.directory, "pulumi"), ["-e", "setInterval(() => {}, 1000)"], {
      stdio: "ignore",
    });
    try {
      await lockOf(update.pid ?? 0, hostname());
      const stack = { ...fake.stack, backend: recovery.directory };
      await assert.rejects(recoverStack(stack, unreachable, { say }), {
        name: "UserError",
        message: new RegExp(
          String.raw`^stack "dev" is locked, nothing was changed: held by ann@\S+, process \d+, since \S+: ` +
            String.raw`it is still running$`,
        ),
      });
      assert.deepEqual(await readdir(locks()), ["a.json"]);
      const recovering = recoverStack(stack, unreachable, { say, wait: 20_000 });
      setTimeout(() => update.kill("SIGKILL"), 200);
      assert.deepEqual(await recovering, { clean: false, left: [] });
    } finally {
      update.kill("SIGKILL");
    }
    assert.match(said[0] ?? "", /^waiting for the update that has the stack: held by ann@/);
    assert.match(said[1] ?? "", /^freed the lock of .* is gone$/);
    assert.deepEqual(await readdir(locks()), []);
  });

  it("touches nothing under another host's lock", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([], "made"));
    await checkpoint(interrupted([], "made"));
    await lockOf(4_194_305, "elsewhere");
    await assert.rejects(
      recoverStack({ ...fake.stack, backend: recovery.directory }, unreachable, { say }),
      (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(
          error.message,
          new RegExp(
            String.raw`^stack "dev" is locked, nothing was changed: held by ann@elsewhere, process 4194305, ` +
              String.raw`since .*: another host, so this machine can't tell whether it still runs$`,
          ),
        );
        return true;
      },
    );
    assert.deepEqual(await readdir(locks()), ["a.json"]);
    assert.deepEqual(await fake.calls(), []);
  });

  it("goes on with a restored state", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([], "made"));
    await checkpoint(interrupted([], "made"));
    const file = join(recovery.directory, ".pulumi/stacks/shop/dev.json");
    await writeFile(
      `${file}.bak`,
      JSON.stringify({ version: 3, checkpoint: { latest: interrupted([], "made").deployment } }),
    );
    await writeFile(file, "{");
    await recoverStack({ ...fake.stack, backend: recovery.directory }, cluster({ made: "shop/dev" }), { say });
    assert.match(said[0] ?? "", /^the state file could not be read: restored/);
    assert.equal(said[1], "PersistentVolumeClaim made was created but not recorded: recorded in the state");
  });

  it("has nothing to do for a stack that was never made", async () => {
    const fake = await fakeStack(recovery.directory, interrupted([]));
    const result = await recoverStack(
      { ...fake.stack, backend: recovery.directory, program: "/elsewhere" },
      unreachable,
      { say },
    );
    assert.deepEqual(result, { clean: true, left: [] });
    assert.deepEqual(await fake.calls(), []);
  });
});
