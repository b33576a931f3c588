import assert from "node:assert/strict";
import { PatchStrategy } from "@kubernetes/client-node";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { useCluster } from "./fixture";
import { refOf } from "./kill-pod";
import { Ground } from "./moves/ground";
import { inPod, moved, settings, type Lines } from "./moves/lines";
import { RecordWriter } from "./moves/record-writer";
import { subjects } from "./moves/subjects";
import { movedTo } from "./moves/volume";
import { Writer } from "./moves/writer";
import { removeStack } from "./state";

const refs = (...names: string[]) => new Map(names.map((name) => [name, refOf(name)]));

/** Held while a writer goes on; Flowise and Taskflow because their pods' processes share a namespace. */
const held = refs("qdrant", "neo4j", "flowise", "taskflow");
/**
 * Here as in a pod that was made by hand, the first process: whoever writes while it moves is found out, and the move
 * fails.
 */
const notHeld = refs("n8n");
/** SearXNG has no interface that stores anything; its settings move. */
const all = [...held, ...notHeld, ...refs("searxng")];

const database = subjects.find(({ name }) => name === "taskflow-db")!;
const first: Lines = { current: { generation: 1, backend: inPod, size: "1Gi" }, kept: [] };
const second = moved(first, "out of its pod");

/** The first job of each service's move: it holds the pod. */
const jobOf = (name: string) => `${name === "taskflow" ? "app-storage" : `${name}-data`}-1-to-2`;

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
  const claimsInUse = async (ref: WorkloadRef) =>
    (await podOf(ref))
      .spec!.volumes!.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
      .sort();

  /** What the job of a service's move said when, in ms. */
  const said = async (name: string) => {
    const { namespace } = refOf(name);
    const { items } = await cluster().kube.core.listNamespacedPod({
      namespace,
      labelSelector: `batch.kubernetes.io/job-name=${jobOf(name)}`,
    });
    const log = await cluster().kube.core.readNamespacedPodLog({
      namespace,
      name: items[0]!.metadata!.name!,
      timestamps: true,
    });
    return [...log.matchAll(/^(\S+) (.*)$/gm)].map(([, time = "", line = ""]) => ({ at: Date.parse(time), line }));
  };
  /** From when to when a service's data stood still, at least. */
  const standing = async (name: string) => {
    const lines = await said(name);
    const at = (start: string) =>
      lines.find(({ line }) => line.startsWith(start))?.at ??
      assert.fail(`${start} is not in: ${lines.map(({ line }) => line).join("; ")}`);
    return [at(`${name} takes no writes while its data leaves pod ${name}-`), at(`starting ${name} on `)] as const;
  };
  /** Its program is the first process then, in a namespace of its own. */
  const withoutStarter = async (ref: WorkloadRef) => {
    const { metadata } = await podOf(ref);
    const containers = [{ name: ref.workload, env: [{ name: "STAND_IN_PROCESS", value: "" }] }];
    const change = {
      apiVersion: "apps/v1",
      kind: ref.kind,
      metadata: { name: ref.workload, namespace: ref.namespace },
      spec: { template: { spec: { containers } } },
    };
    await cluster().kube.objects.patch(
      change,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.StrategicMergePatch,
    );
    await waitForReadyPod(cluster().kube, ref, 180_000, metadata!.uid);
  };

  before("the services in their pods, under writers", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    ground = new Ground(cluster(), ["postgres"]);
    await update(first);
    for (const [, ref] of notHeld) await withoutStarter(ref);
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
    for (const [name, { size }] of [...(await onAndOn.acknowledged()), ...(await paused.acknowledged())])
      assert.ok(size > 20, `${name}: ${size}`);
  });

  it("acknowledge nothing from before the first stream until the pod goes, whoever can be held", async () => {
    for (const [name, writes] of await onAndOn.acknowledged()) {
      const [from, to] = await standing(name);
      assert.ok(to > from, name);
      const within = [...writes].filter(([, at]) => at > from && at < to);
      // The writer waits for each answer. One that was sent just before may be read a moment after, on a busy machine.
      const late = within.filter(([, at]) => at < from + 2000).slice(0, 1);
      assert.deepEqual(
        within.filter((write) => !late.includes(write)),
        [],
        `${name}, from ${from} to ${to}`,
      );
    }
  });

  it("are said to go on where they can't be held", async () => {
    const [line] = (await said("n8n")).filter(({ line }) => /writes|goes on/.test(line));
    assert.equal(
      line?.line,
      "n8n keeps taking writes while its data leaves its pod: it is its container's first process, which can't " +
        "be stopped. A write before the last comparison makes the move fail, and a write after it is lost with the " +
        "pod: keep clients away",
    );
  });

  it("have on each claim what was compared with their pods', the second volume of one pod too", async () => {
    for (const [name, { namespace }] of all) {
      for (const claim of claims[name]!) {
        const note = await movedTo(cluster().kube, namespace, claim);
        assert.equal(note?.from, "emptyDir", claim);
        assert.ok(note.files > 0 && note.bytes > 0, claim);
      }
    }
    const acknowledged = [...(await onAndOn.acknowledged()).get("taskflow")!.keys()];
    const pod = await podOf(refOf("taskflow"));
    const { stdout } = await execInPod(cluster().kube, "taskflow", pod.metadata!.name!, "taskflow", [
      "cat",
      "/app/logs/access.log",
    ]);
    const logged = new Set([...stdout.matchAll(/INFO {2}: (\d+): Copied/g)].map(([, number]) => Number(number)));
    assert.deepEqual(
      acknowledged.filter((number) => !logged.has(number)),
      [],
    );
  });
});
