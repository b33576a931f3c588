import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deployment, exportRecipe, sh } from "../mover/fills";
import { readListed } from "../../ops/backup/print";
import { task, useBackups } from "./ground";

describe("a backup that can't be made, with the real restic", () => {
  const scene = useBackups();
  const { run, points, notes, held, inPlaceOfRestic } = scene;
  const none = "redis was not backed up, and no point was made: ";
  const executed = () => scene.cluster.executed.length;

  it("makes no repository where there is none, and does not hold the service", async () => {
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `${none}there is no repository at the test's repository, and none was made. If the address is right and ` +
        "nothing was backed up there yet: npm run backup -- --init. If it is wrong: correct " +
        "cluster-storage:backups.repository",
    });
    assert.equal(existsSync(join(scene.root, "repository")), false);
    assert.equal(executed(), 0);
  });

  it("leaves a repository that is there as it is", async () => {
    await run("init");
    await run();
    assert.deepEqual(await run("init"), { code: 0 });
    assert.equal(scene.lines.at(-1), "there is a repository at the test's repository already; it was left as it is");
    assert.equal(points().length, 1);
  });

  it("says that the password is wrong", async () => {
    await run("init");
    process.env.RESTIC_PASSWORD = "wrong";
    const expected = {
      code: 3,
      message:
        "the password is not that of the repository at the test's repository; nothing was written. Set the right " +
        "one: pulumi config set --secret --path 'cluster-storage:backups.repository.password'",
    };
    assert.deepEqual(await run(), { ...expected, message: `${none}${expected.message}` });
    assert.deepEqual(await run("init"), expected);
    assert.equal(executed(), 0);
  });

  it("says why the repository doesn't answer, in seconds and not in restic's 15 minutes", async () => {
    process.env.RESTIC_REPOSITORY = "rest:http://user:hidden@127.0.0.1:9/";
    process.env.BACKUP_PATIENCE = "3";
    const began = performance.now();
    const { code, message = "" } = await run();
    assert.equal(code, 1);
    const expected = `${none}the repository at the test's repository could not be opened in time: Head `;
    assert.ok(message.startsWith(expected), message);
    assert.match(message, /connection refused$/);
    assert.doesNotMatch(message, /hidden/);
    assert.ok(performance.now() - began < 15_000);
    assert.equal(executed(), 0);
  });

  for (const [what, stream] of [
    ["ends with a failure", "tar -cf - . ; exit 3"],
    ["is cut off", "tar -cf - . | head -c 700; exit 1"],
    ["is cut off without a word", "tar -cf - . | head -c 700"],
  ] as const)
    it(`leaves no point of a dump that ${what}`, async () => {
      await run("init");
      const broken = { ...exportRecipe, streams: [sh(stream)] };
      const { code, message = "" } = await run("make", "p", {
        ...task,
        volumes: [{ ...task.volumes[0]!, exportRecipe: broken }],
      });
      assert.notEqual(code, 0);
      assert.ok(message.startsWith(none), message);
      assert.deepEqual(points(), []);
      assert.equal(held(), false);
      assert.deepEqual(Object.keys(notes()), ["cluster-storage/backup-failed"]);
    });

  it("leaves no point of a service that went on writing", async () => {
    await run("init");
    const writing = { ...exportRecipe, mark: sh("date +%N") };
    const { code, message } = await run("make", "p", {
      ...task,
      volumes: [{ ...task.volumes[0]!, exportRecipe: writing }],
    });
    assert.deepEqual([code, message], [1, `${none}redis went on writing while its data was copied`]);
    assert.deepEqual(points(), []);
  });

  it("waits for a move to end", async () => {
    await run("init");
    scene.cluster.annotate(deployment, { "cluster-storage/moving": "redis-data-1-to-2" });
    const { code, message } = await run();
    assert.deepEqual(
      [code, message],
      [
        1,
        `${none}the move redis-data-1-to-2 of redis is under way; back it up once it has ended. Where it has failed, ` +
          "the same update again goes on with it; where no update runs any more, npm run recover ends it",
      ],
    );
    assert.equal(executed(), 0);
  });

  it("tries again where one pod is just taking another's place", async () => {
    await run("init");
    const pods = "/api/v1/namespaces/cache/pods/redis-0";
    const old = scene.cluster.get(pods);
    scene.cluster.put(`${pods}-new`, { ...old, metadata: { ...old.metadata, name: "redis-0-new" } });
    const { code, message } = await run();
    assert.deepEqual(
      [code, message],
      [1, `${none}redis has 2 pods, because one takes the other's place; only one has the data`],
    );
  });

  it("leaves the service to a move that has begun meanwhile", async () => {
    await run("init");
    const slow = { ...exportRecipe, streams: [sh("sleep 0.5; tar -cf - .")] };
    const running = run("make", "p", { ...task, volumes: [{ ...task.volumes[0]!, exportRecipe: slow }] });
    for (const end = Date.now() + 30_000; executed() < 3 && Date.now() < end;) await sleep(20);
    scene.cluster.annotate(deployment, { "cluster-storage/moving": "redis-data-1-to-2" });
    assert.deepEqual(await running, { code: 0 });
    assert.equal(held(), true);
    assert.ok(
      scene.lines.includes(
        "redis stays held, because the move redis-data-1-to-2 has begun; it lets the service go when it is done",
      ),
      scene.lines.join("\n"),
    );
  });

  it("takes back what restic makes where it could not read everything", async () => {
    await run("init");
    // restic's own end for such a run, and the point that it has made all the same.
    inPlaceOfRestic((real) => `${real} "$@"\ncode=$?\ncase "$*" in *" backup "*) exit 3 ;; esac\nexit $code`);
    const { code, message = "" } = await run();
    assert.equal(code, 1);
    assert.match(message, /restic could not read everything/);
    assert.deepEqual(points(), []);
  });

  it("marks such a point where the repository gives nothing back, so that no restore takes it", async () => {
    await run("init");
    const back = inPlaceOfRestic(
      (real) =>
        `case "$*" in *" forget "*) exit 1 ;; esac\n${real} "$@"\ncode=$?\n` +
        'case "$*" in *generation:*) exit 3 ;; esac\nexit $code',
    );
    const { message = "" } = await run();
    back();
    const left = points().find(({ hostname }) => hostname === "cluster-storage")!;
    const told =
      `. Point ${String(left.id).slice(0, 8)} is incomplete, and the repository doesn't give it back; it is marked, ` +
      "and a restore takes it only by its id";
    assert.ok(message.endsWith(told), message);
    assert.ok(notes()["cluster-storage/backup-failed"]!.includes(told));
    assert.ok(scene.told().some((event) => event.endsWith(told)));
    await run();
    scene.lines = [];
    await run("list");
    assert.deepEqual(
      readListed(scene.lines).map(({ incomplete }) => incomplete),
      [true, undefined],
    );
  });
});
