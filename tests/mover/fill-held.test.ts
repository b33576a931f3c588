import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import type { ExportRecipe } from "../../model/export-recipe";
import type { Pod } from "../../mover/orchestrate/objects";
import { loadMover } from "./compiled";
import { deployment, exportRecipe, move, sh, spec, useFills } from "./fills";

const { runMove } = loadMover("orchestrate/run");
const { endPod } = loadMover("orchestrate/pods");

describe("a service whose data is taken out of its pod", () => {
  const scene = useFills();
  const { context, fill, held, refuses } = scene;

  it("lets the service go when its data can't be taken out", async () => {
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - . | head -c 700; exit 1")] } },
      /^the data can't be unpacked: |failed in the pod/,
    );
  });

  it("lets the service go when it couldn't be held", async () => {
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, begin: [...exportRecipe.begin, sh("echo 'not now' >&2; exit 1")] } },
      /failed in the pod: not now$/,
    );
  });

  it("says whether the service takes writes meanwhile", async () => {
    await fill({
      ...move,
      exportRecipe: { ...exportRecipe, begin: [sh("echo OK"), sh("echo 'not held: nobody knows how'")] },
    });
    assert.deepEqual(
      scene.lines.filter((line) => /writes|goes on/.test(line)),
      [
        "redis keeps taking writes while its data leaves its pod: nobody knows how. A write before the last " +
          "comparison makes the move fail, and a write after it is lost with the pod: keep clients away",
      ],
    );
  });

  describe("of a service that can't stand still for as long as that takes", () => {
    const large: ExportRecipe = {
      ...exportRecipe,
      begin: [...exportRecipe.begin, sh("echo 'later: it is large'")],
      last: [sh("touch $HELD; echo held")],
    };

    it("is held once all is streamed, and compared again then", async () => {
      await fill({ ...move, exportRecipe: { ...large, streams: [sh("test ! -e $HELD && tar -cf - .")] } });
      const scripts = scene.cluster.executed.map((command) => command[2]);
      const last = "touch $HELD; echo held";
      const stream = "test ! -e $HELD && tar -cf - .";
      assert.deepEqual(scripts, [
        "touch $HELD",
        "echo 'later: it is large'",
        "rm -f $HELD",
        "cat $WRITTEN",
        stream,
        stream,
        last,
        "cat $WRITTEN",
        last,
      ]);
      assert.equal(held(), true, "writes were let in while the pod was still there");
      assert.deepEqual(
        scene.lines.filter((line) => /writes|goes on/.test(line)),
        [
          "redis keeps taking writes while its data leaves pod redis-0: it is large. Its writes are held for the " +
            "last comparison, which finds what was written meanwhile",
          "redis takes no writes while its data leaves pod redis-0",
        ],
      );
    });

    it("stays where it is with what was written between the last stream and the hold", async () => {
      await refuses(
        { ...move, exportRecipe: { ...large, last: [sh("echo 8 >$WRITTEN; touch $HELD")] } },
        /^redis went on writing while its data was copied$/,
      );
    });
  });

  it("finds that the service went on writing, by its mark and by its files", async () => {
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - .; echo 8 >$WRITTEN")] } },
      /^redis went on writing while its data was copied$/,
    );
    rmSync(scene.target, { recursive: true });
    mkdirSync(scene.target);
    const changing = sh("tar -cf - .; echo more >>sub/dump.rdb");
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, streams: [changing], mark: undefined } },
      /^the copy on redis-data-2 is not like what the pod has: .*dump\.rdb: .*differs/,
    );
  });

  it("finds that the pod was started anew meanwhile", async () => {
    let asked = 0;
    scene.cluster.refuse = (method, path) => {
      // The first look at the pod by its name is after the copy.
      if (method === "GET" && path.endsWith("/pods/redis-0") && asked++ === 0)
        scene.cluster.setStatus(path, { phase: "Running", containerStatuses: [{ containerID: "another" }] });
    };
    await refuses(move, /^pod redis-0 was restarted while its data was copied$/);
  });

  it("ends what stands still in the old pod once its controller has given it up, and not before", async () => {
    const old = "/api/v1/namespaces/cache/pods/redis-0";
    const standing: ExportRecipe = { ...exportRecipe, kill: sh("echo killed >$HELD; exit 1") };
    let looks = 0;
    scene.cluster.refuse = (method, path) => {
      if (method === "GET" && path === old && ++looks === 3)
        scene.cluster.get(old).metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    };
    const before = scene.cluster.get(old).metadata as Pod["metadata"];
    await endPod(context(move), { metadata: before }, standing);
    assert.deepEqual([looks, scene.cluster.executed.length], [3, 1]);
    scene.cluster.executed.length = 0;
    await endPod(context(move), { metadata: { ...before, uid: "another" } }, standing);
    await endPod(context(move), { metadata: before }, exportRecipe);
    assert.deepEqual([scene.cluster.executed, scene.cluster.changes], [[], []]);
  });

  it("says so when no pod runs, because the data went with it, and when nobody knows how", async () => {
    await assert.rejects(fill({ ...move, exportRecipe: undefined }), {
      message:
        "redis has no export recipe, which says how its data leaves a running pod consistently, so it can't be " +
        "moved off an emptyDir",
    });
    scene.cluster.put(deployment, { metadata: { namespace: "cache" }, spec: { ...spec("redis-data"), replicas: 0 } });
    await assert.rejects(fill(), {
      message: "redis has no running pod, and its emptyDir was deleted with its last pod: there is no data to move",
    });
  });

  it("tells the job whether to try again", async () => {
    const { code, message } = await runMove(context({ ...move, exportRecipe: undefined }));
    assert.equal(code, 3);
    assert.equal(
      message,
      "redis was not moved from an emptyDir to redis-data-2: redis has no export recipe, which says how its data " +
        "leaves a running pod consistently, so it can't be moved off an emptyDir. The service was left as it was.",
    );
  });
});
