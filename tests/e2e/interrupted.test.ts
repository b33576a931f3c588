import { execa } from "execa";
import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { recoverStack } from "../../ops/recover/run";
import { countChanges, ensureStack } from "../../ops/pulumi/stack";
import { changedConfig, ops } from "./cli";
import { instance, useCluster } from "./fixture";
import { killHard, seededRandom } from "./kill";
import { pendingOperations, podReadiness, recordedObjects, stackObjects } from "./objects";
import { readRecords, removeStack, stateText, until, writeRecords } from "./state";

/** TEST_ROUNDS: fewer for a quick look, more for a long one. */
const rounds = Number(process.env.TEST_ROUNDS ?? 5);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
const others = ["flowise", "searxng", "qdrant", "neo4j", "n8n", "taskflow", "taskflow-db"];
const small = { "cluster-storage:services": Object.fromEntries(others.map((name) => [name, undefined])) };

/** Moments spread over the whole update, each at random within its part; every other one kills the plugins too. */
const even = random() < 0.5;
const draws = Array.from({ length: rounds }, (_, i) => ({ at: (i + random()) / rounds, tree: (i % 2 === 0) === even }));

describe(`pulumi up killed -9 on its way from nothing to Ready (TEST_SEED=${seed} for the same moments)`, () => {
  const cluster = useCluster();
  /** Milliseconds of an update that nobody kills. */
  let whole: number;

  const up = () => {
    const { stack } = cluster().target;
    const args = [
      "up",
      "--yes",
      "--skip-preview",
      "--stack",
      stack.name,
      "--config-file",
      stack.configFile!,
      "--non-interactive",
      "--color",
      "never",
    ];
    return execa("pulumi", args, { cwd: stack.program, env: stack.env, extendEnv: false, all: true, reject: false });
  };
  const recover = async () => {
    const said: string[] = [];
    const recovery = await recoverStack(cluster().target.stack, cluster().target.connect, {
      say: (line) => said.push(line),
    });
    return { ...recovery, said };
  };

  /**
   * Every object is there once and recorded, every pod Ready, every claim on one volume, and both services answer with
   * these passwords.
   */
  const assertGood = async (context: string) => {
    const { kube, volumes } = cluster();
    const state = await stateText(cluster());
    assert.deepEqual(pendingOperations(state), [], context);
    assert.deepEqual(recordedObjects(state), [...(await stackObjects(kube)).keys()].sort(), context);
    const { all, unready } = await podReadiness(kube);
    assert.deepEqual(unready, [], context);
    assert.deepEqual(
      all.map((name) => name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "")),
      ["local-ai-data/postgres-0", "local-ai-system/redis", "local-path-storage/local-path-provisioner"],
      context,
    );
    const claims = (await kube.core.listPersistentVolume()).items.map(
      ({ spec }) => `${spec?.claimRef?.namespace}/${spec?.claimRef?.name}`,
    );
    assert.deepEqual(claims.sort(), ["local-ai-data/postgres-data", "local-ai-system/redis-data"], context);
    assert.equal((await readdir(volumes)).length, 2, context);
    const record = { key: `interrupted-${Date.now().toString(36)}`, value: "answers" };
    await writeRecords(cluster(), record);
    assert.deepEqual(await readRecords(cluster(), record), { postgres: "answers", redis: "answers" }, context);
  };
  const fromNothing = async () => {
    const { stack } = cluster().target;
    await removeStack(cluster());
    await writeFile(stack.configFile!, await changedConfig(cluster(), small), { mode: 0o600 });
    await ensureStack(stack);
  };

  before("one update that nobody kills", async function () {
    this.timeout(600_000);
    await fromNothing();
    const begun = Date.now();
    const { exitCode, all } = await up();
    whole = Date.now() - begun;
    assert.equal(exitCode, 0, all);
    await assertGood("not killed");
  });
  after(async function () {
    this.timeout(300_000);
    await removeStack(cluster());
  });

  draws.forEach(({ at, tree }, i) => {
    const what = `${tree ? "the CLI with its plugins" : "the CLI alone"} at ${Math.round(at * 100)} % of the time`;
    it(`recover, then up, ends well (${i + 1} of ${rounds}: ${what})`, async () => {
      await fromNothing();
      const running = up();
      const ended = running.then(() => true);
      const late = await Promise.race([ended, delay(at * whole * 0.98).then(() => false)]);
      killHard(running.pid!, tree);
      await ended;
      const first = await recover();
      assert.deepEqual(first.left, []);
      const context = `killed ${what}${late ? " (it had ended)" : ""}; recover said: ${first.said.join("; ")}`;
      const second = await recover();
      assert.deepEqual([second.clean, second.said], [true, []], `${context}; and again: ${second.said.join("; ")}`);
      const { exitCode, all } = await up();
      assert.equal(exitCode, 0, `${context}\n${all}`);
      await assertGood(context);
    });
  });

  it("a further update finds nothing to change", async () => {
    const { exitCode, all } = await up();
    assert.equal(exitCode, 0, all);
    assert.deepEqual(Object.keys(countChanges(all)), ["unchanged"]);
  });

  it(
    "the state's side file cut short, as by a kill within its write: recover removes it, and the next update " +
      "ends well",
    async () => {
      const { stack } = cluster().target;
      await writeFile(`${stack.backend}/.pulumi/stacks/${stack.project}/${stack.name}.json.attrs`, "");
      const broken = await up();
      assert.match(broken.all, /failed to load checkpoint: EOF/);
      assert.match(
        (await recover()).said.join("\n"),
        /json\.attrs, which was cut short and kept the state from being read; the state itself is whole$/,
      );
      const { exitCode, all } = await up();
      assert.equal(exitCode, 0, all);
      assert.deepEqual(Object.keys(countChanges(all)), ["unchanged"]);
    },
  );

  it("recover refuses while the update still runs, and changes nothing", async () => {
    await fromNothing();
    const running = up();
    const locks = () =>
      readdir(`${cluster().target.stack.backend}/.pulumi/locks/organization/cluster-storage/dev`).catch(() => []);
    await until("the update has the lock", async () => (await locks()).length > 0, 60);
    const held = await locks();
    const { exitCode, printed } = await ops(["recover"], { CLUSTER_STORAGE_INSTANCE: instance });
    assert.equal(exitCode, 1);
    assert.match(
      printed,
      new RegExp(
        `^stack "dev" is locked, nothing was changed: held by \\S+, process ${running.pid}, since \\S+: it is ` +
          "still running$",
      ),
    );
    assert.deepEqual(await locks(), held);
    const ended = await running;
    assert.equal(ended.exitCode, 0, ended.all);
    await assertGood("the update went on");
  });
});
