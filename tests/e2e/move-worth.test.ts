import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chown, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PatchStrategy } from "@kubernetes/client-node";
import { waitForReadyPod } from "../../kube/pods";
import { ops } from "./cli";
import { instance, useCluster } from "./fixture";
import { Ground } from "./moves/ground";
import { moved } from "./moves/lines";
import { subjects } from "./moves/subjects";
import { directoryOf } from "./moves/volume";
import { removeStack, until } from "./state";

const redis = subjects[0]!;
const { namespace } = redis.ref;

/** Redis with a file on its volume that is nowhere else. */
describe("a copy that would erase the only good data", () => {
  const cluster = useCluster();
  let ground: Ground;
  let first: string;
  let second: string;

  before("Redis, moved once", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    ground = new Ground(cluster(), [redis.name]);
    await ground.write();
    await ground.succeed();
    first = await directoryOf(cluster().kube, namespace, redis.claim(1));
    await put(first, "precious", "of the first");
    await move("to the other backend");
    await ground.succeed();
    second = await directoryOf(cluster().kube, namespace, redis.claim(2));
  });
  after(async function () {
    this.timeout(300_000);
    await removeStack(cluster());
  });

  const put = async (directory: string, name: string, text: string) => {
    await writeFile(join(directory, name), text);
    await chown(join(directory, name), 999, 999);
  };
  const move = async (direction: Parameters<typeof moved>[1]) => {
    ground.lines.set(redis.name, moved(ground.lines.get(redis.name)!, direction));
    await ground.write();
  };
  const annotate = (name: string, annotations: Record<string, string | null>) => {
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace, annotations } };
    const { objects } = cluster().kube;
    return objects.patch(claim as never, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
  };
  const pod = async () => (await waitForReadyPod(cluster().kube, redis.ref, 180_000)).metadata!.uid;
  const read = (directory: string) => readFile(join(directory, "precious"), "utf8");

  it("back from an emptied volume is refused before anything is stopped", async () => {
    const before = await pod();
    for (const name of await readdir(second)) await rm(join(second, name), { recursive: true });
    await move("back");
    const { exitCode, all } = await ground.up();
    assert.notEqual(exitCode, 0, all);
    assert.match(
      all,
      new RegExp(
        String.raw`redis-data-2 has 0 bytes in 0 files, and redis-data, which the copy would erase, has [\d.]+ \w+ ` +
          String.raw`in \d+ files: that may be the only good copy; nothing was changed\. To use redis-data as it is: ` +
          String.raw`take "from: 2" out of its lines in the stack file \(npm run move -- redis --back --as-it-was ` +
          String.raw`does this\)\. If redis-data-2 is meant to hold so little: kubectl -n local-ai-system annotate ` +
          String.raw`--overwrite pvc redis-data-2 cluster-storage\/enough-files=0`,
      ),
    );
    assert.equal(await pod(), before);
    assert.equal(await read(first), "of the first");
  });

  it("back to a claim that has no note of having been left is refused", async () => {
    await put(second, "precious", "of the second");
    await annotate("redis-data", { "cluster-storage/moved-to": null });
    const { exitCode, all } = await ground.up();
    assert.notEqual(exitCode, 0, all);
    assert.match(
      all,
      /redis-data is not empty \(it has .*\) and holds no unfinished copy of redis-data-2; nothing was/,
    );
    assert.match(
      all,
      new RegExp(
        String.raw`The claim redis-data has no note that its data went to redis-data-2, so what it holds may be ` +
          String.raw`newer\. To use redis-data as it is: .*\. To use redis-data-2: make generation 2 the one in use, ` +
          String.raw`with from: none\. The service was left as it was\.`,
      ),
    );
    assert.equal(await read(first), "of the first");
  });

  it("back is made once the note is there, and so few files are said to be enough", async () => {
    await annotate("redis-data", { "cluster-storage/moved-to": '{"to":"redis-data-2","at":"2026-01-01T00:00:00Z"}' });
    await annotate("redis-data-2", { "cluster-storage/enough-files": "1" });
    await ground.succeed();
    assert.equal(await read(first), "of the second");
    await put(first, "precious", "newer than the second");
  });

  it("by lines that describe a copy is refused by adopt once claims are gone, with the line to remove", async () => {
    const { core } = cluster().kube;
    const { items } = await core.listPersistentVolume();
    const own = items.filter(({ spec }) => spec?.claimRef?.namespace === namespace);
    for (const { metadata } of own)
      await core.patchPersistentVolume({
        name: metadata!.name!,
        body: [{ op: "replace", path: "/spec/persistentVolumeReclaimPolicy", value: "Retain" }],
      });
    await core.deleteNamespace({ name: namespace });
    await until("the volumes are left", async () => {
      const { items } = await core.listPersistentVolume();
      return items.filter(({ status }) => status?.phase === "Released").length === own.length;
    });
    const { exitCode, printed } = await ops(["adopt", "--yes"], { CLUSTER_STORAGE_INSTANCE: instance });
    assert.equal(exitCode, 1, printed);
    assert.match(
      printed.replaceAll(/\s+/g, " "),
      new RegExp(
        String.raw`the lines of services\.redis describe a copy from redis-data-2 to redis-data, and no note on ` +
          String.raw`these claims says that it is done, so the next update would copy over what redis-data has.*take ` +
          String.raw`"from: 2" out of the lines of services\.redis: redis-data is then used as it is`,
      ),
    );
    assert.equal(await read(first), "newer than the second");
    assert.ok(existsSync(join(second, "precious")));
  });
});
