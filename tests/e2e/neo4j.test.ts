import assert from "node:assert/strict";
import { waitForReadyPod } from "../../kube/pods";
import { useCluster } from "./fixture";
import { killPod, refOf } from "./kill-pod";
import { Ground } from "./moves/ground";
import { moved, type Direction } from "./moves/lines";
import { RecordWriter } from "./moves/record-writer";
import { removeStack } from "./state";

const ref = refOf("neo4j");

/** Fills, of which Neo4j takes part too, are in fills.test.ts. */
describe("Neo4j under a writer that goes on", () => {
  const cluster = useCluster();
  let ground: Ground;
  let writer: RecordWriter;

  /** The claim that its data is on, or its pod's directory. A pod whose data came out of a claim still has that too. */
  const home = async () => {
    const { spec } = await waitForReadyPod(cluster().kube, ref, 300_000);
    const mounts = spec!.containers.find(({ name }) => name === "neo4j")!.volumeMounts!;
    const name = mounts.find(({ mountPath }) => mountPath === "/data")!.name;
    const { persistentVolumeClaim, emptyDir } = spec!.volumes!.find((volume) => volume.name === name)!;
    return persistentVolumeClaim?.claimName ?? (emptyDir && "emptyDir");
  };
  const assertKept = async () => {
    await writer.acknowledgedMore(5);
    assert.deepEqual(await writer.lost(), { neo4j: [] });
    assert.ok((await writer.acknowledged()).get("neo4j")!.size >= 25);
  };

  const assertMoved = async (direction: Direction, to: string) => {
    ground.lines.set("neo4j", moved(ground.lines.get("neo4j")!, direction));
    await ground.write();
    await ground.succeed(direction);
    assert.equal(await home(), to);
    await assertKept();
  };

  before("Neo4j alone, and its writer", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    ground = new Ground(cluster(), ["neo4j"]);
    await ground.write();
    await ground.succeed();
    writer = new RecordWriter(cluster(), "neo4j", new Map([["neo4j", ref]]));
    await writer.start(20);
  });
  after(async function () {
    this.timeout(300_000);
    await writer?.stop();
    await removeStack(cluster());
  });

  it("keeps what it acknowledged while all its processes are killed", async function () {
    this.timeout(600_000);
    for (const _ of [1, 2]) {
      await killPod(cluster(), "neo4j");
      await assertKept();
    }
  });

  it("keeps it over a move to another volume, and back", async function () {
    this.timeout(900_000);
    await assertMoved("to the other backend", "neo4j-data-2");
    await assertMoved("back", "neo4j-data");
  });

  it("keeps it over the way into its pod, and out of it", async function () {
    this.timeout(900_000);
    await assertMoved("into its pod", "emptyDir");
    await assertMoved("out of its pod", "neo4j-data-4");
  });
});
