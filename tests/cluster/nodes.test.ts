import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ifFound } from "../../ops/kube/client";
import { execInPod } from "../../ops/kube/exec";
import { waitForReadyPod } from "../../ops/kube/pods";
import { useCluster } from "./fixture";
import { insideInstance, mountDisk } from "./inside";
import { killHard } from "./kill";
import { pendingOperations } from "./objects";
import { Ground } from "./moves/ground";
import { begun, type Watched } from "./moves/moment";
import { addBallast, ballast } from "./moves/ballast";
import { subjects, type Subject } from "./moves/subjects";
import { digestIn, directoryOf, movedTo, type VolumeDigest } from "./moves/volume";
import { Writer } from "./moves/writer";
import { OwnStackFile } from "./own-stack-file";
import { addSecondNode, removeSecondNode, second } from "./second-node";
import { removeStack, stateText, until } from "./state";

/** Redis, which has a claim, and Taskflow's database, whose claim is of a template. */
const [redis, database] = ["redis", "taskflow-db"].map((wanted) => subjects.find(({ name }) => name === wanted)!) as [Subject, Subject];
const both = [redis, database];

const stackFile = (nodes: string) => `config:
  pulumi:autonaming: { mode: disabled }
  pulumi:disable-default-providers: [kubernetes]
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/local-path-provisioner, ${nodes}default: true, reclaimPolicy: Delete }
  cluster-storage:services:
    redis: { size: 1Gi, class: local-path }
    taskflow-db: { size: 1Gi, class: local-path }
`;

describe("a cluster of one node", () => {
  const cluster = useCluster();
  let file: OwnStackFile;
  let ground: Ground;
  const writers = new Map<Subject, Writer>();

  before("services under writers", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    file = await OwnStackFile.write(stackFile(""));
    await file.deploy();
    ground = new Ground(cluster(), []);
    for (const subject of both) {
      const writer = new Writer(cluster(), subject);
      writers.set(subject, writer);
      await writer.start();
    }
  });
  after(async function () {
    this.timeout(300_000);
    for (const writer of writers.values()) await writer.stop();
    await removeStack(cluster());
    await file?.remove();
  });

  const podOf = ({ ref }: Subject) => waitForReadyPod(cluster().kube, ref, 180_000);
  const uids = () => Promise.all(both.map(async (subject) => (await podOf(subject)).metadata?.uid));
  const nodeOfVolume = async (namespace: string, name: string) => {
    const { spec } = await cluster().kube.core.readNamespacedPersistentVolumeClaim({ namespace, name });
    const volume = await cluster().kube.core.readPersistentVolume({ name: spec!.volumeName! });
    return volume.spec?.nodeAffinity?.required?.nodeSelectorTerms.flatMap(({ matchExpressions = [] }) => matchExpressions.flatMap(({ values = [] }) => values)).join();
  };
  /** Where a claim's volume is, as the instance sees it. */
  const placeOf = async ({ ref }: Subject, claim: string) => insideInstance(await directoryOf(cluster().kube, ref.namespace, claim));
  const nothingLost = async () => {
    for (const writer of writers.values()) {
      await writer.acknowledgedAfter(Date.now());
      assert.deepEqual(await writer.lost(), []);
    }
  };

  it("has nowhere for its volumes to go, and says why", async () => {
    const before = await uids();
    const off = await file.run("move", "--off", "local", "--yes");
    assert.equal(off.exitCode, 1);
    assert.equal(off.printed.trimEnd().split("\n").at(-1), "nothing can leave local: local is the only node that pods can go to, and every backend of this stack (local-path) keeps its data on a node; add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and name it with --to");
    assert.equal(await file.read(), stackFile(""));
    assert.deepEqual(await uids(), before);
  });

  describe("and another node", () => {
    const there = () => join(cluster().volumes, second);
    const kept = new Map<string, VolumeDigest>();
    const keep = async (subject: Subject, claim: string) => kept.set(await placeOf(subject, claim), await digestIn(await placeOf(subject, claim)));
    let text: string;

    before(async function () {
      this.timeout(300_000);
      await addSecondNode(cluster().kube);
      text = stackFile(`nodes: { ${second}: [${there()}] }, `);
      await file.write(text);
      await file.deploy();
    });
    after(async function () {
      this.timeout(300_000);
      for (const writer of writers.values()) await writer.stop();
      await removeStack(cluster());
      await removeSecondNode(cluster().kube);
    });

    it("makes a claim's volume on the node that the claim names, and its pod's log and commands are had from there", async () => {
      const { kube, overrides } = cluster();
      const at = { name: "of-the-second", namespace: "default" };
      const { image } = overrides["cluster-storage:mover"] as { image: string };
      await kube.core.createNamespacedPersistentVolumeClaim({ namespace: at.namespace, body: {
        metadata: { ...at, annotations: { "volume.kubernetes.io/selected-node": second } },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "local-path", resources: { requests: { storage: "1Mi" } } },
      } });
      await kube.core.createNamespacedPod({ namespace: at.namespace, body: { metadata: at, spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: "one", image, command: ["node", "-e", 'require("fs").writeFileSync("/data/file", "written"); console.log("wrote it"); setInterval(() => 0, 1e9)'], volumeMounts: [{ name: "data", mountPath: "/data" }] }],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: at.name } }],
      } } });
      await until("the pod says that it wrote", async () => (await kube.core.readNamespacedPodLog(at).catch(() => ""))?.includes("wrote it"));
      assert.equal((await kube.core.readNamespacedPod(at)).spec?.nodeName, second);
      assert.equal(await nodeOfVolume(at.namespace, at.name), second);
      const [directory, ...others] = readdirSync(there());
      assert.equal(readFileSync(join(there(), directory!, "file"), "utf8"), "written");
      assert.deepEqual(others, []);
      assert.equal((await execInPod(kube, at.namespace, at.name, "one", ["cat", "/data/file"])).stdout, "written");
      await ifFound(kube.core.deleteNamespacedPod(at));
      await ifFound(kube.core.deleteNamespacedPersistentVolumeClaim(at));
      await until("its directory is gone", async () => readdirSync(there()).length === 0);
    });

    it("takes nothing to a node that isn't there, or to one whose disk is too full, before anything is stopped", async () => {
      const before = await uids();
      const unknown = await file.run("move", "redis", "--node", "secnd", "--yes");
      assert.match(unknown.printed, /the cluster has no node "secnd" \(did you mean "second"\?\)/);
      assert.equal(await file.read(), text);

      await mountDisk(there(), "4m");
      const full = await file.run("move", "--off", "local", "--yes");
      assert.equal(full.exitCode, 1, full.printed);
      for (const { name, claim } of both) assert.match(full.printed, new RegExp(`${name} was not moved from ${claim(1)} to ${claim(2)}: .* the file system of ${claim(2)} has [\\d.]+ MiB free: it needs at least`));
      assert.deepEqual(await uids(), before);
      await nothingLost();
    });

    it("takes all of them there, once there is room, though the pod at a source and the update are killed", async () => {
      await mountDisk(there(), "2g");
      await addBallast(await placeOf(redis, redis.claim(1)), 256);
      const update = ground.up();
      let over = false;
      const ended = update.then(() => (over = true));
      const watched = ([redis, database] as const).map((subject): Watched => ({ kube: cluster().kube, subject, job: `${subject.volume}-1-to-2`, target: subject.claim(2) }));
      const [first, other] = watched as [Watched, Watched];
      const inTime = await Promise.all([
        begun("copy", first, () => over).then(async (inTime) => inTime && (await ifFound(cluster().kube.core.deleteNamespacedPod({ name: `${first.job}-source`, namespace: redis.ref.namespace, gracePeriodSeconds: 0 }))) !== undefined),
        begun("copy", other, () => over).then((inTime) => (killHard(update.pid!, true), inTime)),
      ]);
      await ended;
      assert.deepEqual(inTime, [true, true]);
      await ground.recover();
      for (const writer of writers.values()) await writer.acknowledgedAfter(Date.now());
      await file.deploy();
      assert.deepEqual(pendingOperations(await stateText(cluster())), []);
    });

    it("has them on the other node then, with everything, and what they left as it was checked", async () => {
      const { kube } = cluster();
      for (const subject of both) {
        const { namespace } = subject.ref;
        const [source, target] = [subject.claim(1), subject.claim(2)];
        const { spec } = await podOf(subject);
        assert.equal(spec?.nodeName, second);
        assert.ok(spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === target));
        assert.deepEqual([await nodeOfVolume(namespace, source), await nodeOfVolume(namespace, target)], ["local", second]);
        assert.equal(dirname(await directoryOf(kube, namespace, target)), there());
        await keep(subject, source);
        assert.equal((await movedTo(kube, namespace, target))?.sha256, kept.get(await placeOf(subject, source))?.content);
      }
      assert.equal(Buffer.compare(readFileSync(join(await placeOf(redis, redis.claim(1)), ballast)), readFileSync(join(await placeOf(redis, redis.claim(2)), ballast))), 0);
      await nothingLost();
    });
  });
});
