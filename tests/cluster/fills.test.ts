import assert from "node:assert/strict";
import { STAND_INS } from "../../cluster/images/stand-in/table";
import { execInPod } from "../../ops/kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../ops/kube/pods";
import { catalogue } from "../../services/catalogue";
import { useCluster } from "./fixture";
import { Ground } from "./moves/ground";
import { inPod, moved, settings, type Lines } from "./moves/lines";
import { RecordWriter } from "./moves/record-writer";
import { subjects } from "./moves/subjects";
import { movedTo } from "./moves/volume";
import { Writer } from "./moves/writer";
import { removeStack } from "./state";

const refOf = (name: string): WorkloadRef => {
  const { kind, namespace } = catalogue.get(name)!;
  return { kind, namespace, workload: name };
};
const refs = (...names: string[]) => new Map(names.map((name) => [name, refOf(name)]));

/** Their image's first process only starts them, so that they can be held while a writer goes on. */
const held = refs("qdrant", "neo4j", "n8n", "searxng");
/** They are their image's first process: whoever writes while they move is found out, and the move fails. */
const notHeld = refs("flowise", "taskflow");
const all = [...held, ...notHeld];

const database = subjects.find(({ name }) => name === "taskflow-db")!;
const first: Lines = { current: { generation: 1, backend: inPod, size: "1Gi" }, kept: [] };
const second = moved(first, "out of its pod");

/** The claims that each service's data goes to. */
const claims: Record<string, string[]> = {
  ...Object.fromEntries(all.map(([name]) => [name, [`${name}-data-2`]])),
  taskflow: ["app-storage-2", "logs-storage-2"],
};

describe("services whose data is in their pods' own directories, moved to claims", () => {
  const cluster = useCluster();
  let ground: Ground;
  let onAndOn: RecordWriter;
  let paused: RecordWriter;
  let writer: Writer;

  /** All of them in one update, each from its live pod. */
  const update = async (lines: Lines) => {
    for (const [name] of all) if (name !== "taskflow") ground.lines.set(name, lines);
    ground.lines.set("taskflow-db", lines);
    await ground.write({ taskflow: { storage: settings(lines), logs: settings(lines) } });
    await ground.succeed();
  };
  const podOf = (ref: WorkloadRef) => waitForReadyPod(cluster().kube, ref, 180_000);
  const claimsInUse = async (ref: WorkloadRef) => (await podOf(ref)).spec!.volumes!.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []).sort();

  before("the services in their pods, under writers", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    ground = new Ground(cluster(), ["postgres"]);
    await update(first);
    onAndOn = new RecordWriter(cluster(), "on", held);
    paused = new RecordWriter(cluster(), "paused", notHeld);
    writer = new Writer(cluster(), database);
    await Promise.all([onAndOn.start(20), paused.start(20), writer.start()]);
  });
  after(async function () {
    this.timeout(300_000);
    await Promise.all([onAndOn?.stop(), paused?.stop(), writer?.stop()]);
    await removeStack(cluster());
  });

  it("are in directories that go with their pods, to begin with", async () => {
    for (const [, ref] of all) assert.deepEqual(await claimsInUse(ref), []);
    assert.deepEqual(await claimsInUse(database.ref), []);
  });

  it("lose nothing that was acknowledged, whoever can be held under a writer that goes on", async function () {
    this.timeout(400_000);
    await paused.stop();
    await update(second);
    for (const [name, ref] of all) assert.deepEqual(await claimsInUse(ref), claims[name]);
    assert.deepEqual(await claimsInUse(database.ref), ["postgres-data-2-taskflow-db-0"]);

    await Promise.all([paused.start(), onAndOn.acknowledgedMore(), writer.acknowledgedAfter(Date.now())]);
    const nothing = (names: Iterable<string>) => Object.fromEntries([...names].map((name) => [name, []]));
    assert.deepEqual(await onAndOn.lost(), nothing(held.keys()));
    assert.deepEqual(await paused.lost(), nothing(notHeld.keys()));
    assert.deepEqual(await writer.lost(), []);
    for (const [name, numbers] of [...(await onAndOn.acknowledged()), ...(await paused.acknowledged())]) assert.ok(numbers.length > 20, `${name}: ${numbers.length}`);
  });

  it("have on each claim what was compared with their pods', the second volume of one pod too", async () => {
    for (const [name, { namespace }] of all) {
      for (const claim of claims[name]!) {
        const note = await movedTo(cluster().kube, namespace, claim);
        assert.equal(note?.from, "emptyDir", claim);
        assert.ok(note.files > 0 && note.bytes > 0, claim);
      }
    }
    const acknowledged = (await paused.acknowledged()).get("taskflow")!;
    const pod = await podOf(refOf("taskflow"));
    const { stdout } = await execInPod(cluster().kube, "taskflow", pod.metadata!.name!, "taskflow", ["cat", STAND_INS.taskflow!.log!]);
    const logged = new Set([...stdout.matchAll(/PUT \/stand-in\/records\/(\d+) 200$/gm)].map(([, number]) => Number(number)));
    assert.deepEqual(acknowledged.filter((number) => !logged.has(number)), []);
  });
});
