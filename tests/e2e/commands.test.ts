import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecord, writeRecord } from "../../local-cluster/instance/record";
import { ops } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { fingerprint } from "./objects";
import { stateText } from "./state";

const own = { CLUSTER_STORAGE_INSTANCE: instance };
const statusKeys = [
  "service",
  "namespace",
  "kind",
  "claim",
  "class",
  "size",
  "phase",
  "node",
  "pod",
  "image",
  "standIn",
  "generation",
  "kept",
  "created",
  "moving",
];

describe("what a person runs, on a deployed stack", () => {
  const cluster = useDeployedStack();

  it("status --json has one row a claim, each Bound and on a pod, with exactly its keys", async () => {
    const { exitCode, stdout } = await ops(["status", "--json"], own);
    assert.equal(exitCode, 0);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    for (const row of rows) assert.deepEqual(Object.keys(row), statusKeys);
    assert.deepEqual(
      rows
        .map(({ service, namespace, kind, claim, class: className, size, phase, node }) =>
          [service, namespace, kind, claim, className, size, phase, node].join(" "),
        )
        .sort(),
      [
        "flowise local-ai-flowise Deployment flowise-data local-path 1Gi Bound local",
        "n8n local-ai-n8n Deployment n8n-data local-path 1Gi Bound local",
        "neo4j local-ai-data StatefulSet neo4j-data local-path 2Gi Bound local",
        "postgres local-ai-data StatefulSet postgres-data local-path 2Gi Bound local",
        "qdrant local-ai-data StatefulSet qdrant-data local-path 2Gi Bound local",
        "redis local-ai-system Deployment redis-data local-path 1Gi Bound local",
        "searxng local-ai-search Deployment searxng-data local-path 1Gi Bound local",
        "taskflow taskflow Deployment app-storage local-path 1Gi Bound local",
        "taskflow taskflow Deployment logs-storage local-path 1Gi Bound local",
        "taskflow-db taskflow StatefulSet postgres-data-taskflow-db-0 local-path 1Gi Bound local",
      ],
    );
    const real = ["neo4j", "postgres", "redis", "searxng", "taskflow", "taskflow-db"];
    for (const { service, standIn, image } of rows) {
      assert.equal(standIn, String(image).includes("/stand-in-"), String(service));
      if (real.includes(String(service))) assert.equal(standIn, false, `${service} is the real program`);
    }
  });

  it("status prints a table that names every claim", async () => {
    const { exitCode, stdout } = await ops(["status"], own);
    assert.equal(exitCode, 0);
    for (const claim of [
      "flowise-data",
      "n8n-data",
      "neo4j-data",
      "postgres-data",
      "qdrant-data",
      "redis-data",
      "searxng-data",
      "app-storage",
      "logs-storage",
    ]) {
      assert.match(stdout, new RegExp(`\\b${claim}\\b.*\\bBound\\b`));
    }
  });

  it("verify --json proves for every service that its record outlives its pod", async () => {
    const { exitCode, stdout, printed } = await ops(["verify", "--json"], own);
    const results = JSON.parse(stdout) as {
      service: string;
      ok: boolean;
      seconds: number;
      wrote: string;
      read: string;
    }[];
    assert.equal(exitCode, 0, printed);
    for (const result of results) assert.deepEqual(Object.keys(result), ["service", "ok", "seconds", "wrote", "read"]);
    assert.deepEqual(
      results
        .filter(({ ok, wrote, read }) => ok && wrote.length === 16 && read.includes(wrote))
        .map(({ service }) => service)
        .sort(),
      ["flowise", "n8n", "neo4j", "postgres", "qdrant", "redis", "searxng", "taskflow", "taskflow-db"],
    );
  });

  it("verify of one service leaves the others' pods alone, and refuses one that isn't there", async () => {
    const before = await fingerprint(cluster().kube);
    const unknown = await ops(["verify", "rediss"], own);
    assert.equal(unknown.exitCode, 1);
    assert.equal(
      unknown.printed,
      'no service "rediss" in this stack (did you mean "redis"?); it has flowise, n8n, neo4j, postgres, ' +
        "qdrant, redis, searxng, taskflow, taskflow-db",
    );
    assert.deepEqual(await fingerprint(cluster().kube), before);
    const { exitCode, stdout } = await ops(["verify", "redis"], own);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^✓ redis +[\d.]+ s +wrote \w{16}, replaced the pod, read \w{16} from the same volume$/);
    const changed = Object.keys(before).filter((name) => name.startsWith("Pod "));
    const after = await fingerprint(cluster().kube);
    assert.deepEqual(
      changed.filter((name) => after[name] !== before[name]).map((name) => name.replace(/-\w+-\w+$/, "")),
      ["Pod local-ai-system/redis"],
    );
  });

  it("recover finds nothing to do, and says so", async () => {
    const state = await stateText(cluster());
    const { exitCode, printed } = await ops(["recover"], own);
    assert.equal(exitCode, 0);
    assert.equal(printed, 'stack "dev": nothing was interrupted, so there is nothing to do');
    assert.equal(await stateText(cluster()), state);
  });

  it("stop --delete without a terminal says what would go, and removes nothing", async () => {
    const before = await fingerprint(cluster().kube);
    const { exitCode, printed } = await ops(["stop", "--delete"], own);
    assert.equal(exitCode, 1);
    assert.match(printed, /^this removes, for good:\n {2}volume pvc-/);
    assert.match(printed, /_local-ai-data_postgres-data +[\d.]+ [KM]iB\n/);
    assert.match(printed, /\nnothing was removed: there is no terminal to confirm on; pass --delete --yes$/);
    assert.deepEqual(await fingerprint(cluster().kube), before);
  });

  it("stop refuses a cluster that another checkout has", async () => {
    const other = await mkdtemp(join(tmpdir(), "checkout-"));
    await writeFile(join(other, "package.json"), "{}");
    const record = readRecord(instance)!;
    const before = await fingerprint(cluster().kube);
    try {
      writeRecord({ ...record, owner: other, durable: true });
      const { exitCode, printed } = await ops(["stop"], own);
      assert.equal(exitCode, 1);
      const said = printed.split("\n").filter((line) => !line.startsWith("["));
      assert.deepEqual(said, [
        `The local cluster "${instance}" is in use by the checkout ${other}. Nothing was changed. Stop it first: ` +
          `npm --prefix ${other} stop`,
      ]);
    } finally {
      writeRecord(record);
      await rm(other, { recursive: true });
    }
    assert.deepEqual(await fingerprint(cluster().kube), before);
  });

  it("says in one line that there is no local cluster where there is none", async () => {
    const none = { CLUSTER_STORAGE_INSTANCE: `${instance}-none` };
    for (const command of ["status", "verify", "recover"]) {
      const { exitCode, printed } = await ops([command], none);
      assert.deepEqual(
        [exitCode, printed],
        [1, "there is no local cluster: run npm start, or name another cluster with --context NAME or --stack NAME"],
      );
    }
  });
});
