import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { claimPath, core, deployment, move, useMoves } from "./moves";

const back: Move = { ...move, replace: true, job: "redis-data-2-to-1", source: move.target, target: move.source };
const moved = "cluster-storage/moved";
const movedTo = "cluster-storage/moved-to";
const instead =
  'To use redis-data as it is: take "from: 2" out of its lines in the stack file (npm run move -- redis --back ' +
  "--as-it-was does this)";

describe("a copy over existing data, or of what has become less", () => {
  const scene = useMoves();
  const { run, annotations } = scene;
  const file = (path: string) => join(scene.root, path);
  const write = (path: string, text: string) => writeFileSync(file(path), text);

  beforeEach(() => {
    scene.cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${back.job}`, {
      metadata: { namespace: "cache", uid: "job-uid" },
    });
    for (const name of ["redis-data", "redis-data-2"])
      scene.cluster.put(claimPath(name), {
        ...scene.cluster.get(claimPath(name)),
        spec: { ...scene.cluster.get(claimPath(name)).spec, volumeName: `volume-of-${name}` },
      });
  });

  /** As after a loss of the namespace: the claims are on their volumes again, and nothing else is there. */
  const claimsMadeAgain = () => {
    for (const name of ["redis-data", "redis-data-2"]) {
      const { spec, status } = scene.cluster.get(claimPath(name));
      scene.cluster.objects.delete(claimPath(name));
      scene.cluster.put(claimPath(name), { metadata: { namespace: "cache" }, spec, status });
    }
    scene.cluster.objects.delete(deployment);
    scene.cluster.objects.delete(`${core}/pods/redis-0`);
  };
  const fails = async (of: Move, reason: string) => {
    const { code, message } = await run(of);
    const [from, to] = [of.source.claim, of.target.claim];
    assert.deepEqual(
      [code, message],
      [3, `redis was not moved from ${from} to ${to}: ${reason}. The service was left as it was.`],
    );
  };

  it("notes on the volume that it leaves for exactly which volume that was", async () => {
    await run();
    const { to, uid, volume } = JSON.parse(annotations(claimPath("redis-data"))[movedTo]!) as Record<string, string>;
    assert.deepEqual([to, uid, volume], ["redis-data-2", "uid-of-redis-data-2", "volume-of-redis-data-2"]);
  });

  it("is refused back to a claim without the note that its data went there: that may be newer", async () => {
    await run();
    await run(back);
    write("redis-data/dump.rdb", "only here");
    claimsMadeAgain();
    await fails(
      back,
      "redis-data is not empty (it has dump.rdb) and holds no unfinished copy of redis-data-2; nothing was " +
        "changed. The claim redis-data has no note that its data went to redis-data-2, so what it holds may be " +
        "newer. " +
        `${instead}. To use redis-data-2: make generation 2 the one in use, with from: none`,
    );
    assert.equal(readFileSync(file("redis-data/dump.rdb"), "utf8"), "only here");
  });

  it("is refused back from a claim of the same name that is another, or has another volume", async () => {
    await run();
    const note = JSON.parse(annotations(claimPath("redis-data"))[movedTo]!) as object;
    for (const other of [{ uid: "another" }, { volume: "another" }, { to: "redis-data-3" }]) {
      scene.cluster.annotate(claimPath("redis-data"), { [movedTo]: JSON.stringify({ ...note, ...other }) });
      assert.match((await run(back)).message ?? "", /redis-data has no note that its data went to redis-data-2/);
    }
    scene.cluster.annotate(claimPath("redis-data"), { [movedTo]: JSON.stringify(note) });
    assert.equal((await run(back)).code, 0);
  });

  it("takes an earlier version's note, which has only a name, where the other claim's note agrees", async () => {
    await run();
    scene.cluster.annotate(claimPath("redis-data"), { [movedTo]: '{"to":"redis-data-2","at":"2026-01-01"}' });
    const { [moved]: note } = annotations(claimPath("redis-data-2"));
    scene.cluster.annotate(claimPath("redis-data-2"), { [moved]: null });
    assert.match((await run(back)).message ?? "", /has no note that its data went to redis-data-2/);
    scene.cluster.annotate(claimPath("redis-data-2"), { [moved]: note! });
    assert.equal((await run(back)).code, 0);
  });

  it("is refused back over files that are newer than all that would be copied", async () => {
    await run();
    write("redis-data/since", "written as it was");
    utimesSync(file("redis-data/since"), 4_000_000_000, 4_000_000_000);
    await fails(
      back,
      "redis-data was written to after everything on redis-data-2 (since at 2096-10-02T07:06:40.000Z), so it is not " +
        `overwritten; nothing was changed. ${instead}`,
    );
    assert.deepEqual(readdirSync(file("redis-data")), ["dump.rdb", "since"]);
  });

  it("is refused back from an emptied volume, before anything is stopped", async () => {
    await run();
    rmSync(file("redis-data-2/dump.rdb"));
    scene.cluster.changes.length = 0;
    await fails(
      back,
      "redis-data-2 has 0 bytes in 0 files, and redis-data, which the copy would erase, has 8 bytes in 1 file: that " +
        `may be the only good copy; nothing was changed. ${instead}. If redis-data-2 is meant to hold so little: ` +
        "kubectl -n cache annotate --overwrite pvc redis-data-2 cluster-storage/enough-files=0",
    );
    scene.untouched();
    assert.equal(readFileSync(file("redis-data/dump.rdb"), "utf8"), "the data");
  });

  for (const [what, change] of [
    ["files", () => ["a", "b"].forEach((name) => rmSync(file(`redis-data-2/${name}`)))],
    ["bytes", () => write("redis-data-2/dump.rdb", "")],
  ] as const)
    it(`is refused back with less than half of the ${what}, and made where that is said to be enough`, async () => {
      mkdirSync(file("redis-data"), { recursive: true });
      for (const name of ["a", "b"]) write(`redis-data/${name}`, "");
      await run();
      change();
      const { message } = await run(back);
      assert.match(message ?? "", /redis-data, which the copy would erase, has 8 bytes in 3 files/);
      const enough = /enough-files=(\d+)/.exec(message ?? "")![1]!;
      scene.cluster.annotate(claimPath("redis-data-2"), { "cluster-storage/enough-files": String(Number(enough) + 1) });
      assert.equal((await run(back)).code, 3);
      scene.cluster.annotate(claimPath("redis-data-2"), { "cluster-storage/enough-files": enough });
      assert.deepEqual(await run(back), { code: 0 });
      assert.deepEqual(Object.keys(annotations(claimPath("redis-data-2"))), [moved, movedTo]);
    });

  it("is refused forward from an empty volume, and from one that had more when its data came to it", async () => {
    rmSync(file("redis-data/dump.rdb"));
    const ways =
      "; nothing was changed. To use redis-data-2 without a copy: write from: none in its lines in the stack file. " +
      "If redis-data is meant to hold so little: kubectl -n cache annotate --overwrite pvc redis-data " +
      "cluster-storage/enough-files=";
    await fails(move, `redis-data has 0 bytes in 0 files: it may have lost its data${ways}0`);
    write("redis-data/dump.rdb", "some");
    scene.cluster.annotate(claimPath("redis-data"), { [moved]: '{"from":"redis-data-0","files":3,"bytes":100}' });
    await fails(
      move,
      "redis-data has 4 bytes in 1 file, and it had 100 bytes in 3 files when its data was copied to it: it may have " +
        `lost data${ways}1`,
    );
    scene.cluster.annotate(claimPath("redis-data"), { "cluster-storage/enough-files": "1" });
    assert.deepEqual(await run(), { code: 0 });
  });

  it("is no copy of the whole where it was cut off: what is there then is nobody's data", async () => {
    await run();
    write("redis-data/.cluster-storage-copy-in-progress", "uid-of-redis-data-2\n");
    write("redis-data/half", "x".repeat(1000));
    assert.equal((await run(back)).code, 0);
    assert.deepEqual(readdirSync(file("redis-data")), ["dump.rdb"]);
  });
});
