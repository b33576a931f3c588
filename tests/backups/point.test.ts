import assert from "node:assert/strict";
import { linkSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BackedUp, BackupFailed } from "../../model/backup";
import { claim, exportRecipe, sh } from "../mover/fills";
import { lease, task, useBackups } from "./ground";

describe("a backup, with the real restic", () => {
  const scene = useBackups();
  const { run, points, notes, told, held, restored } = scene;

  it("makes a point of the held service's data, its keys, and a listing of both", async () => {
    const data = join(scene.root, "emptyDir");
    linkSync(join(data, "sub/dump.rdb"), join(data, "again"));
    symlinkSync("sub/dump.rdb", join(data, "link"));
    assert.deepEqual(await run("init"), { code: 0 });
    assert.deepEqual(await run(), { code: 0 });
    const [point] = points();
    assert.deepEqual(
      [point?.hostname, point?.tags],
      ["cluster-storage", ["stack:project/dev", "service:redis", "set:redis-data", "generation:1"]],
    );
    const { directory, manifest } = restored(point!.id as string);
    assert.equal(readFileSync(join(directory, "volumes/redis-data/sub/dump.rdb"), "utf8"), "the data");
    assert.equal(readFileSync(join(directory, "keys/password"), "utf8"), "the key");
    const [about, ...entries] = manifest;
    assert.deepEqual(about.volumes, [{ volume: "redis-data", claim: "redis-data", generation: 1 }]);
    const said = entries.map(({ path, type }) => `${type} ${path}`).sort();
    assert.deepEqual(said, [
      "directory keys",
      "directory volumes",
      "directory volumes/redis-data",
      "directory volumes/redis-data/sub",
      "file keys/password",
      "file volumes/redis-data/again",
      "file volumes/redis-data/sub/dump.rdb",
      "symlink volumes/redis-data/link",
    ]);
    assert.equal(entries.filter((entry) => "sameAs" in entry).length, 1);
  });

  it("lets the service go before anything is sent, and gives the Lease back", async () => {
    await run("init");
    await run();
    assert.equal(held(), false);
    const scripts = scene.cluster.executed.map((command) => command[2]);
    const streamed = ["touch $HELD", "cat $WRITTEN", "tar -cf - .", "tar -cf - .", "cat $WRITTEN", "rm -f $HELD"];
    assert.deepEqual(scripts, streamed);
    const sending = scene.lines.findIndex((line) => line.startsWith("redis goes on; sending "));
    assert.ok(sending >= 0, scene.lines.join("\n"));
    assert.equal((scene.cluster.get(lease).spec as { holderIdentity?: string }).holderIdentity, undefined);
  });

  it("holds nobody where the streams are of one moment by themselves", async () => {
    await run("init");
    // Something else may hold it: what that has put aside belongs where it was.
    const rename = [
      { from: "absent", to: "b" },
      { from: "sub/dump.rdb", to: "sub/rules" },
    ];
    const exported = { ...exportRecipe, live: true as const, rename };
    assert.deepEqual(await run("make", "p", { ...task, volumes: [{ ...task.volumes[0]!, exportRecipe: exported }] }), {
      code: 0,
    });
    assert.deepEqual(
      scene.cluster.executed.map((command) => command[2]),
      ["cat $WRITTEN", "tar -cf - .", "tar -cf - .", "cat $WRITTEN"],
    );
    const { directory } = restored("latest");
    assert.deepEqual(readdirSync(join(directory, "volumes/redis-data/sub")), ["rules"]);
  });

  it("says on the claim and by an event what the newest point is, and takes an earlier failure off", async () => {
    const failed = await run();
    assert.equal(failed.code, 3);
    assert.match(
      (JSON.parse(notes()["cluster-storage/backup-failed"]!) as BackupFailed).error,
      /^redis was not backed up/,
    );
    await run("init");
    await run();
    const done = JSON.parse(notes()["cluster-storage/backed-up"]!) as BackedUp;
    assert.deepEqual([done.id, done.files, done.bytes], [points()[0]?.id, 2, 15]);
    assert.deepEqual(Object.keys(notes()), ["cluster-storage/backed-up"]);
    assert.match(
      told()[1] ?? "",
      /^BackedUp: backed up redis: point [0-9a-f]{8}, 15 bytes, .* added to the test's repository$/,
    );
  });

  it("adds little for what has not changed", async () => {
    writeFileSync(join(scene.root, "emptyDir/large"), Buffer.alloc(3_000_000, "abcdefg"));
    await run("init");
    await run();
    await run();
    const [first, second] = points().map(({ summary }) => summary as { data_blobs: number });
    // Only its listing has another time.
    assert.deepEqual([points().length, first!.data_blobs > 1, second!.data_blobs], [2, true, 1]);
  });

  it("has a change that left a file's size and time as they were", async () => {
    const file = join(scene.root, "emptyDir/sub/dump.rdb");
    utimesSync(file, 1000, 1000);
    await run("init");
    await run();
    writeFileSync(file, "THE DATA");
    utimesSync(file, 1000, 1000);
    await run();
    const { directory } = restored("latest");
    assert.equal(readFileSync(join(directory, "volumes/redis-data/sub/dump.rdb"), "utf8"), "THE DATA");
  });

  it("is made where somebody has made the notes on the claim unreadable", async () => {
    await run("init");
    const unreadable = { "cluster-storage/backed-up": "{", "cluster-storage/written-by": "{" };
    scene.cluster.annotate(claim("redis-data"), unreadable);
    assert.deepEqual(await run(), { code: 0 });
    assert.equal((JSON.parse(notes()["cluster-storage/backed-up"]!) as BackedUp).shrunkFrom, undefined);
  });

  it("takes all volumes of a pod in one point", async () => {
    const logs = {
      ...task.volumes[0]!,
      volume: "logs",
      exportRecipe: { ...exportRecipe, streams: [sh("tar -C sub -cf - .")] },
    };
    await run("init");
    assert.deepEqual(await run("make", "p", { ...task, volumes: [...task.volumes, logs] }), { code: 0 });
    const { directory } = restored(points()[0]!.id as string);
    assert.equal(readFileSync(join(directory, "volumes/logs/dump.rdb"), "utf8"), "the data");
    assert.deepEqual((points()[0]!.tags as string[]).slice(2), ["set:redis-data+logs", "generation:1+1"]);
  });

  it("keeps a point apart that has less than half of one before, until somebody says that it is enough", async () => {
    const data = join(scene.root, "emptyDir");
    for (const name of ["a", "b", "c"]) writeFileSync(join(data, name), "the data");
    await run("init");
    await run();
    for (const name of ["a", "b", "c"]) rmSync(join(data, name));
    await run();
    // Compared with what was there before the loss, not with the loss.
    assert.deepEqual(await run(), { code: 0 });
    const shrunk = () => points().map(({ tags }) => (tags as string[]).includes("shrunk"));
    assert.deepEqual(shrunk(), [false, true, true]);
    const [last] = told().slice(-1);
    assert.match(
      last!,
      new RegExp(
        String.raw`^BackupShrunk: redis may have lost data: it has 15 bytes in 2 files, and a point before had ` +
          String.raw`39 bytes in 5 files\. Point [0-9a-f]{8} is kept apart from those\. ` +
          "If it is meant to hold so little: kubectl -n cache annotate --overwrite pvc redis-data " +
          "cluster-storage/backup-enough-files=2$",
      ),
    );
    scene.cluster.annotate(claim("redis-data"), { "cluster-storage/backup-enough-files": "2" });
    await run();
    assert.deepEqual(shrunk(), [false, true, true, false]);
    assert.deepEqual(Object.keys(notes()), ["cluster-storage/backed-up"]);
  });

  it("knows of a new volume's service from the repository what it had", async () => {
    const data = join(scene.root, "emptyDir");
    for (const name of ["a", "b", "c"]) writeFileSync(join(data, name), "the data");
    await run("init");
    await run();
    scene.cluster.put(claim("redis-data"), { metadata: { namespace: "cache" }, spec: {} });
    for (const name of ["a", "b", "c"]) rmSync(join(data, name));
    await run();
    assert.deepEqual((JSON.parse(notes()["cluster-storage/backed-up"]!) as BackedUp).shrunkFrom, {
      files: 5,
      bytes: 39,
    });
    assert.ok((points()[1]!.tags as string[]).includes("shrunk"));
  });

  it("lists the stack's points", async () => {
    await run("init");
    await run();
    scene.lines = [];
    assert.deepEqual(await run("list"), { code: 0 });
    const [point] = JSON.parse(scene.lines[0]!.replace(/^points: /, "")) as object[];
    const { id, time } = points()[0]!;
    const { at, service, generation } = { at: "", service: "", generation: "", ...point };
    assert.deepEqual(
      { ...point, at, service, generation, added: 0 },
      {
        id: id as string,
        at: time as string,
        stack: "project/dev",
        service: "redis",
        generation: "1",
        shrunk: false,
        added: 0,
        bytes: points()[0]!.summary.total_bytes_processed as number,
      },
    );
  });
});
