import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportRecipe, sh } from "../mover/fills";
import { task, useBackups } from "./ground";

describe("a backup of a service whose files have all that it acknowledged, with the real restic", () => {
  const scene = useBackups();
  const { run, held, restored } = scene;

  const quietly = (change: object) => ({
    ...task,
    volumes: [{ ...task.volumes[0]!, exportRecipe: { ...exportRecipe, quiet: sh("true"), ...change } }],
  });
  const scripts = () => scene.cluster.executed.map((command) => command[2]);

  it("holds nobody who writes nothing meanwhile, and has all there is", async () => {
    await run("init");
    assert.deepEqual(await run("make", "p", quietly({})), { code: 0 });
    assert.deepEqual(scripts(), ["true", "cat $WRITTEN", "tar -cf - .", "tar -cf - .", "cat $WRITTEN"]);
    assert.equal(
      readFileSync(join(restored("latest").directory, "volumes/redis-data/sub/dump.rdb"), "utf8"),
      "the data",
    );
    assert.match(scene.lines.join("\n"), /^no hold was needed: redis wrote nothing while its data left pod redis-0$/m);
  });

  for (const [what, change, because] of [
    ["writes meanwhile", { mark: sh("[ -e $HELD ] || date +%N") }, "redis went on writing while its data was copied"],
    [
      "changes what was streamed",
      { streams: [sh("[ -e $HELD ] || date +%N >sub/dump.rdb; tar -cf - .")] },
      /^the copy on .* is not like what the pod has: .*sub\/dump\.rdb/,
    ],
    ["has not all of its data in files", { quiet: sh("exit 1") }, /exit code 1/],
  ] as const)
    it(`holds who ${what}`, async () => {
      await run("init");
      assert.deepEqual(await run("make", "p", quietly(change)), { code: 0 });
      const line = scene.lines.find((each) => each.startsWith("redis has to be held: ")) ?? assert.fail("not told");
      const reason = line.slice("redis has to be held: ".length);
      if (typeof because === "string") assert.equal(reason, because);
      else assert.match(reason, because);
      assert.ok(scripts().includes("touch $HELD"));
      assert.equal(held(), false);
      assert.deepEqual(readdirSync(join(restored("latest").directory, "volumes/redis-data")), ["sub"]);
    });
});
