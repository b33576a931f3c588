import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitForReadyPod } from "../../kube/pods";
import { stackError } from "./cli";
import { useCluster } from "./fixture";
import { mountDisk } from "./inside";
import { addBallast } from "./moves/ballast";
import { corruptCopy } from "./moves/corrupt";
import { Ground } from "./moves/ground";
import { settings, type Lines, type Volume } from "./moves/lines";
import { subjects } from "./moves/subjects";
import { digestOf, directoryOf } from "./moves/volume";
import { Writer } from "./moves/writer";
import { removeStack, until } from "./state";

const redis = subjects[0]!;
const { namespace } = redis.ref;

/** Redis under a writer, and moves of it that can't end well. */
describe("a move that can't be made", () => {
  const cluster = useCluster();
  let ground: Ground;
  let writer: Writer;
  let generation = 1;

  before("Redis with a writer", async function () {
    this.timeout(900_000);
    await removeStack(cluster());
    ground = new Ground(cluster(), [redis.name]);
    await ground.write();
    await ground.succeed();
    writer = new Writer(cluster(), redis);
    await writer.start();
  });
  after(async function () {
    this.timeout(300_000);
    await writer?.stop();
    await removeStack(cluster());
  });

  const lines = () => ground.lines.get(redis.name)!;
  /** The lines of a move to a new volume; those that failed are kept beside it. */
  const towards = (volume: Partial<Volume>): Lines => {
    generation++;
    const { current, kept, from = current.generation } = lines();
    const source = [current, ...kept].find((other) => other.generation === from)!;
    return {
      current: { ...source, generation, ...volume },
      kept: [...kept.filter((other) => other !== source), ...(current === source ? [] : [current]), source],
      from,
    };
  };
  const request = async (to: Lines) => {
    ground.lines.set(redis.name, to);
    await ground.write();
  };
  const claimInUse = async () => {
    const pod = await waitForReadyPod(cluster().kube, redis.ref, 180_000);
    return pod.spec!.volumes!.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []).join();
  };
  const source = () => directoryOf(cluster().kube, namespace, "redis-data");
  /** The update fails and says so; the service goes on where it was, with everything that it had acknowledged. */
  const failsWith = async (message: RegExp, meanwhile?: () => Promise<void>): Promise<void> => {
    const update = ground.up();
    await meanwhile?.();
    const { exitCode, all } = await update;
    assert.notEqual(exitCode, 0, all);
    assert.match(all, message);
    await writer.acknowledgedAfter(Date.now());
    assert.equal(await claimInUse(), "redis-data");
    assert.deepEqual(await writer.lost(), []);
  };
  /** Works while the namespace has a quota. */
  const withQuota = async (name: string, hard: Record<string, string>, work: () => Promise<void>) => {
    const { core } = cluster().kube;
    await core.createNamespacedResourceQuota({ namespace, body: { metadata: { name }, spec: { hard } } });
    await work().finally(() => core.deleteNamespacedResourceQuota({ name, namespace }));
  };
  /** Pods that the service had since: the same one means that it was never stopped. */
  const pod = async () => (await waitForReadyPod(cluster().kube, redis.ref, 180_000)).metadata!.uid;

  it("because the new claim is too small for what is stored is refused before anything is stopped", async () => {
    const before = await pod();
    await request(towards({ backend: "fast", size: "2Mi" }));
    await failsWith(/redis-data uses [\d.]+ MiB in \d+ files, and redis-data-2 is 2Mi: it needs at least [\d.]+ MiB/);
    assert.equal(await pod(), before);
  });

  it("because the new volume's file system is too full is refused before anything is stopped", async () => {
    const before = await pod();
    await mountDisk(ground.addBackend("tiny"), "4m");
    await request(towards({ backend: "tiny", size: "1Gi" }));
    await failsWith(
      new RegExp(
        String.raw`redis-data uses [\d.]+ MiB in \d+ files, and the file system of redis-data-3 has ` +
          String.raw`[\d.]+ MiB free: it needs at least [\d.]+ MiB`,
      ),
    );
    assert.equal(await pod(), before);
  });

  it(
    "because a file can't be read as the service's user is refused before anything is stopped, and made " +
      "once it can",
    async () => {
      const before = await pod();
      const file = join(await source(), "root's own");
      await writeFile(file, "x", { mode: 0o600 });
      await request(towards({ backend: "fast", size: "1Gi" }));
      await failsWith(
        /uid 999 can't copy everything of redis-data: .*root's own.* can't be read, because it belongs to 0:/,
      );
      assert.equal(await pod(), before);
      await rm(file);
    },
  );

  it("because a quota leaves no room for the copy's pod says which, and the service goes on", async () => {
    // Redis, the writer and the move's own pod.
    await withQuota("one-pod-more", { pods: "3" }, async () => {
      await request(lines());
      await failsWith(/the cluster refuses the copy pod: .*exceeded quota: one-pod-more/);
    });
  });

  it("because a quota leaves no room for the claim is refused before anything is stopped", async () => {
    const { items } = await cluster().kube.core.listNamespacedPersistentVolumeClaim({ namespace });
    const before = lines();
    try {
      await withQuota("no-claim-more", { persistentvolumeclaims: String(items.length) }, async () => {
        await request(towards({ backend: "fast" }));
        await failsWith(
          new RegExp(
            String.raw`quota local-ai-system\/no-claim-more allows \d+ of persistentvolumeclaims with \d+ in ` +
              String.raw`use, and the update asks for 1 more`,
          ),
        );
      });
    } finally {
      ground.lines.set(redis.name, before);
      generation--;
    }
  });

  it("because its class isn't there is refused by the preview", async () => {
    const to = towards({});
    generation--;
    const missing = { ...settings(to), backend: undefined, class: "nowhere" };
    await ground.write({ redis: missing });
    const { exitCode, all } = await ground.up();
    assert.notEqual(exitCode, 0);
    assert.match(stackError(all), /services\.redis\.class: .*nowhere/);
    assert.equal(await claimInUse(), "redis-data");
  });

  it("because no node takes its pods is refused before anything is stopped", async () => {
    const before = await pod();
    const { kube } = cluster();
    const [node] = (await kube.core.listNode()).items;
    const cordon = (unschedulable: boolean) =>
      kube.objects.patch({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: node!.metadata!.name! },
        spec: { unschedulable },
      } as never);
    await request(lines());
    await cordon(true);
    try {
      await failsWith(/the cluster has no node that takes pods|no node/);
      assert.equal(await pod(), before);
    } finally {
      await cordon(false);
    }
  });

  it("because a byte of the copy is another than the source's is found out, and made by the next update", async () => {
    await addBallast(await source(), 96);
    await request(lines());
    await failsWith(/the copy on redis-data-\d+ (is not like its source|has other bytes than its source)/, async () => {
      await corruptCopy(cluster().kube, namespace, redis.claim(lines().current.generation));
    });
    await until("the service is on its old volume", async () => (await claimInUse()) === "redis-data");
    await ground.succeed("once nobody changes the copy");
    assert.equal(await claimInUse(), redis.claim(lines().current.generation));
    await writer.acknowledgedAfter(Date.now());
    assert.deepEqual(await writer.lost(), []);
  });

  it("leaves the old volume as it was, though it was tried so often", async () => {
    const before = await digestOf(cluster().kube, namespace, "redis-data");
    await delay(2_000);
    assert.deepEqual(await digestOf(cluster().kube, namespace, "redis-data"), before);
  });
});
