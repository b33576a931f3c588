import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployment, sh } from "../mover/fills";
import { task } from "./ground";
import { aFill, target, useRestores } from "./restore-ground";

const [volume = assert.fail("no volume")] = task.volumes;

describe("the point that fills new volumes, with the real restic", () => {
  const scene = useRestores();
  const { run, point, restore, restic, gone, write, notesOn } = scene;
  const content = (path: string) => readFileSync(join(scene.root, path), "utf8");

  beforeEach(async () => {
    await run("init");
  });

  it("is none while one is dated in the future, because which is the newest isn't known then", async () => {
    const old = await point();
    restic("rewrite", "--new-time", "2999-01-01 00:00:00", "--forget", old);
    const ahead = scene.points().at(-1)!.id as string;
    write("newer");
    await point();
    gone();
    const { code, message = "" } = await restore(aFill());
    assert.equal(code, 3);
    assert.equal(
      message.replace(/here it is 2\d{3}-[\d:T-]+Z/, "here it is NOW"),
      "redis-data-2 was not filled from the newest point of project/dev/redis, so redis is not started: point " +
        `${ahead.slice(0, 8)} is dated 2999-01-01T00:00:00Z, and here it is NOW, so it is not known which is the ` +
        "newest of redis. If the clock is wrong here: set it right, and run the update again. If it was wrong where " +
        `the point was made: restic forget ${ahead.slice(0, 8)} leaves it out, with what only it has`,
    );
    restic("forget", ahead);
    assert.deepEqual(await restore(aFill()), { code: 0 });
    assert.equal(content(`${target}/sub/dump.rdb`), "newer");
  });

  it("is one before that which a repair has made, which can't be brought back as its listing says", async () => {
    const whole = await point();
    write("newer");
    restic("tag", "--add", "repaired", await point());
    gone();
    assert.deepEqual(await restore(aFill()), { code: 0 });
    assert.match(notesOn(target)["cluster-storage/moved"]!, new RegExp(`point ${whole}`));
  });

  it("is the same for all volumes of a service, also after a kill between them", async () => {
    const logs = {
      ...volume,
      volume: "logs",
      exportRecipe: { ...volume.exportRecipe, streams: [sh("tar -C sub -cf - .")] },
    };
    scene.cluster.get(deployment).spec.template.spec.volumes.push({
      name: "logs",
      persistentVolumeClaim: { claimName: "logs" },
    });
    scene.addClaim("logs");
    scene.addClaim("logs-2");
    const both = async () =>
      assert.deepEqual(await run("make", "p", { ...task, volumes: [volume, logs] }), { code: 0 });
    await both();
    const back = gone();
    const other = {
      volume: "logs",
      source: { generation: 0 },
      target: { claim: "logs-2", generation: 2 },
      replace: false,
    };
    const { behaviour } = scene.cluster;
    scene.cluster.behaviour = (pod, cluster) => {
      if (!/logs-2/.test(JSON.stringify(pod.spec.volumes))) return behaviour(pod, cluster);
      cluster.endPod(`/api/v1/namespaces/cache/pods/${pod.metadata.name}`, 1, "killed");
      return Promise.resolve();
    };
    assert.equal((await restore({ ...aFill(), together: [other] })).code, 1);
    scene.cluster.behaviour = behaviour;
    back();
    write("newer");
    await both();
    gone();
    assert.deepEqual(await restore({ ...aFill(), together: [other] }), { code: 0 });
    assert.deepEqual([content(`${target}/sub/dump.rdb`), content("logs-2/dump.rdb")], ["newer", "newer"]);
  });
});
