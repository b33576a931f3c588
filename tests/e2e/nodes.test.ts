import assert from "node:assert/strict";
import { useCluster } from "./fixture";
import { mountDisk } from "./inside";
import { killHard } from "./kill";
import { idOf, pendingOperations } from "./objects";
import { Ground } from "./moves/ground";
import { begun, moverProcesses, type Watched } from "./moves/moment";
import { addBallast } from "./moves/ballast";
import { killSourceAndUpdate } from "./moves/kill-across";
import { assertVolumeOnSecond } from "./moves/pod-on-node";
import { both, database, redis, ServicesOnNodes, stackFile } from "./moves/services-on-nodes";
import { TwoNodes } from "./moves/two-nodes";
import { OwnStackFile } from "./own-stack-file";
import { addSecondNode, removeSecondNode, second } from "./second-node";
import { removeStack, stateText } from "./state";

describe("a cluster of one node", () => {
  const cluster = useCluster();
  let file: OwnStackFile;
  let ground: Ground;
  let services: ServicesOnNodes;

  before("services under writers", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    file = await OwnStackFile.write(stackFile(""));
    await file.deploy();
    ground = new Ground(cluster(), []);
    services = new ServicesOnNodes(cluster());
    await services.start();
  });
  after(async function () {
    this.timeout(300_000);
    await services?.stop();
    await removeStack(cluster());
    await file?.remove();
  });

  it("has nowhere for its volumes to go, and says why", async () => {
    const before = await services.uids();
    const off = await file.run("move", "--off", "local", "--yes");
    assert.equal(off.exitCode, 1);
    assert.equal(
      off.printed.trimEnd().split("\n").at(-1),
      "no volume can leave local: pods can go to no other node, and every backend of this stack (local-path) keeps " +
        "its data on a node; add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, " +
        "deploy it, and name it with --to",
    );
    assert.equal(await file.read(), stackFile(""));
    assert.deepEqual(await services.uids(), before);
  });

  describe("and another node", () => {
    let nodes: TwoNodes;
    let text: string;
    const entries = async () =>
      (await file.read())
        .split("\n")
        .slice(-3, -1)
        .map((line) => line.trim());

    before(async function () {
      this.timeout(300_000);
      await addSecondNode(cluster().kube);
      nodes = new TwoNodes(cluster());
      text = stackFile(`nodes: { ${second}: [${nodes.there}] }, `);
      await file.write(text);
      await file.deploy();
    });
    after(async function () {
      this.timeout(300_000);
      await services?.stop();
      await removeStack(cluster());
      await removeSecondNode(cluster().kube);
    });

    it("makes a volume on the node that its claim names, and reads its pod's log from there", async () => {
      await assertVolumeOnSecond(cluster(), nodes);
    });

    it("stops nothing for a node that isn't there, or for one whose disk is too full", async () => {
      const before = await services.uids();
      const unknown = await file.run("move", "redis", "--node", "secnd", "--yes");
      assert.match(unknown.printed, /the cluster has no node "secnd" \(did you mean "second"\?\)/);
      assert.equal(await file.read(), text);

      await mountDisk(nodes.there, "4m");
      const full = await file.run("move", "--off", "local", "--yes");
      assert.equal(full.exitCode, 1, full.printed);
      for (const { name, claim } of both)
        assert.match(
          full.printed,
          new RegExp(
            `${name} was not moved from ${claim(1)} to ${claim(2)}: .* the file system of ${claim(2)} has ` +
              `[\\d.]+ MiB free: it needs at least`,
          ),
        );
      assert.deepEqual(await services.uids(), before);
      await services.assertNothingLost();
    });

    it("takes all of them there, though the pod at a source and the update are killed", async () => {
      await mountDisk(nodes.there, "2g");
      await addBallast(await nodes.placeOf(redis, 1), 256);
      await killSourceAndUpdate(cluster(), ground);
      await ground.recover();
      const labelSelector = "batch.kubernetes.io/job-name";
      const { items } = await cluster().kube.core.listPodForAllNamespaces({ labelSelector });
      const goesOn = items.filter(({ status }) => ["Pending", "Running"].includes(status?.phase ?? ""));
      // Two movers at once would write to one volume.
      assert.equal(goesOn.length, 0, goesOn[0]?.metadata?.name);
      await services.goOn();
      await file.deploy();
      assert.deepEqual(pendingOperations(await stateText(cluster())), []);
    });

    it("has them on the other node then, with everything, and what they left as it was checked", async () => {
      for (const subject of both) await nodes.assertArrived(subject, 1, 2, second);
      assert.deepEqual(
        await entries(),
        both.map(
          ({ name }) =>
            `${name}: { size: 1Gi, class: local-path, node: second, generation: 2, kept: [ { generation: 1, ` +
            "size: 1Gi, class: local-path } ] }",
        ),
      );
      await nodes.assertSameBallast(redis, 1, 2);
      await services.assertNothingLost();
    });

    it("brings what is newest back to the volume before, though the pod at the source is killed", async () => {
      await nodes.assertUnchanged();
      await addBallast(await nodes.placeOf(redis, 2), 300);
      const move = file.run("move", "redis", "--back", "--yes");
      let over = false;
      void move.then(() => (over = true));
      const watched: Watched = {
        kube: cluster().kube,
        subject: redis,
        job: `${redis.volume}-2-to-1`,
        target: redis.claim(1),
      };
      const inTime = await begun("copy", watched, () => over);
      const killed = (await moverProcesses(watched.kube, redis.ref.namespace, ["/mover/serve.mjs"])).map((pid) =>
        killHard(pid, false),
      );
      const { exitCode, printed } = await move;
      assert.deepEqual([exitCode, inTime, killed.length], [0, true, 1], printed);
      assert.match(printed, /(broke off|ended before the copy did): .*; trying again$/m);
      await nodes.forget(redis, 1);
      await nodes.assertArrived(redis, 2, 1, "local");
      await nodes.assertSameBallast(redis, 1, 2);
      await services.assertNothingLost();
    });

    it("takes what is left on the second node off it, to a new volume on the first", async () => {
      const { exitCode, printed } = await file.run("move", "--off", second, "--yes");
      assert.equal(exitCode, 0, printed);
      assert.match(
        printed,
        new RegExp(
          String.raw`^no service has its data on second any more; it is on local: kubectl drain second ` +
            String.raw`--ignore-daemonsets --delete-emptydir-data$`,
          "m",
        ),
      );
      await nodes.assertArrived(database, 2, 3, "local");
      assert.deepEqual(await entries(), [
        "redis: { size: 1Gi, class: local-path, generation: 1, from: 2, kept: [ { generation: 2, size: 1Gi, " +
          "class: local-path, node: second } ] }",
        "taskflow-db: { size: 1Gi, class: local-path, node: local, generation: 3, kept: [ { generation: 1, " +
          "size: 1Gi, class: local-path }, { generation: 2, size: 1Gi, class: local-path, node: second } ] }",
      ]);
      await services.assertNothingLost();
    });

    it("refuses a node that is only written down for a volume that is elsewhere", async () => {
      const [before, pods] = [await file.read(), await services.uids()];
      await file.write(before.replace("redis: { ", "redis: { node: second, "));
      await assert.rejects(
        file.deploy(),
        new RegExp(
          String.raw`services\.redis\.node: claim redis-data has its volume on node local, and a volume ` +
            String.raw`can't leave its node; move the data: npm run move -- redis --node second`,
        ),
      );
      await file.write(before);
      assert.deepEqual(await services.uids(), pods);
    });

    it("leaves no pod of a move and every volume that was left as it was, byte for byte", async () => {
      assert.equal(await nodes.assertUnchanged(), 3);
      const { items } = await cluster().kube.core.listPodForAllNamespaces({
        labelSelector: "app.kubernetes.io/component=move",
      });
      assert.deepEqual(items.filter(({ metadata }) => /-(source|copy|measure)$/.test(metadata!.name!)).map(idOf), []);
    });
  });
});
