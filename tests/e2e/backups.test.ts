import assert from "node:assert/strict";
import type { V1CronJob, V1Job } from "@kubernetes/client-node";
import type { BackedUp } from "../../model/backup";
import { redis, useBackedUp } from "./backed-up";
import { address } from "./backup-target";
import { ops } from "./cli";
import { until } from "./state";

const home = "local-ai-backups";

describe("backups to a server in the cluster", () => {
  const { cluster, file, target, inRedis, redisShell, inPostgres } = useBackedUp();
  const backup = (...args: string[]) => file().run("backup", ...args);
  const points = async (service: string) =>
    JSON.parse(await target().shell(`restic snapshots --json --no-lock --tag service:${service}`)) as { id: string }[];
  const note = async () => {
    const { core } = cluster().kube;
    const claim = await core.readNamespacedPersistentVolumeClaim({ name: "redis-data", namespace: redis.namespace });
    return claim.metadata?.annotations ?? {};
  };

  before("records", async () => {
    await inRedis("set", "before", "the point");
    await inPostgres("create table numbers as select 42 as number");
  });

  it("makes no repository by itself, and says what to do", async () => {
    const { exitCode, stderr } = await ops(["backup", "redis"], file().env);
    assert.equal(exitCode, 1);
    assert.equal(
      stderr,
      `redis was not backed up, and no point was made: there is no repository at ${address}, and none was made. If ` +
        "the address is right and nothing was backed up there yet: npm run backup -- --init. If it is wrong: correct " +
        "cluster-storage:backups.repository\nnot backed up: redis",
    );
    await assert.rejects(target().shell("restic cat config --no-lock"), /repository does not exist/);
  });

  it("makes one by name, once", async () => {
    const made = await backup("--init");
    assert.deepEqual([made.exitCode, made.stdout], [0, `made a repository at ${address}`], made.printed);
    const again = await backup("--init");
    assert.deepEqual(
      [again.exitCode, again.stdout],
      [0, `there is a repository at ${address} already; it was left as it is`],
      again.printed,
    );
  });

  it("backs both up, one after the other, and both go on", async function () {
    this.timeout(300_000);
    const { exitCode, stdout, printed } = await backup();
    assert.equal(exitCode, 0, printed);
    for (const service of ["redis", "postgres"])
      assert.match(stdout, new RegExp(`^backed up ${service}: point [0-9a-f]{8}, .* added to ${address}$`, "m"));
    assert.match(stdout, /^no hold was needed: redis wrote nothing while its data left pod redis-/m);
    assert.equal(await inRedis("set", "after", "it goes on"), "OK");
    assert.equal(await inPostgres("insert into numbers values (43) returning number"), "43\nINSERT 0 1");
  });

  it("has in the points what was written before, the keys, and not what came later", async () => {
    const log = await target().shell(
      "restic restore latest --no-lock --tag service:redis --target /tmp/r >/dev/null; cd /tmp/r; " +
        "cat volumes/redis-data/appendonlydir/*.aof; ls keys; head -1 manifest.jsonl",
    );
    assert.match(log, /before/);
    assert.doesNotMatch(log, /it goes on/);
    assert.match(log, /^password$/m);
    const about = JSON.parse(log.trim().split("\n").at(-1)!) as { engines: Record<string, { engine?: string }> };
    assert.ok("redis-data" in about.engines, JSON.stringify(about));
    const base = await target().shell(
      "restic restore latest --no-lock --tag service:postgres --target /tmp/p >/dev/null; cd /tmp/p; " +
        "find volumes -name PG_VERSION -maxdepth 4; find . -name 'pg_hba*'; ls -ln volumes/postgres-data",
    );
    assert.match(base, /PG_VERSION/);
    // The rules for clients, which the hold had put aside, are those of before.
    assert.doesNotMatch(base, /before-move/);
  });

  it("notes the newest point on the claim and tells of it by an event", async () => {
    const done = JSON.parse((await note())["cluster-storage/backed-up"]!) as BackedUp;
    assert.deepEqual(
      [done.id],
      (await points("redis")).map(({ id }) => id),
    );
    const { items } = await cluster().kube.core.listNamespacedEvent({ namespace: redis.namespace });
    const told = items.filter(({ reason }) => /^Back(edUp|upFailed)$/.test(reason ?? "")).map(({ reason }) => reason);
    assert.deepEqual(told.sort(), ["BackedUp", "BackupFailed"]);
  });

  it("lists the points, and what is planned", async () => {
    const list = await backup("--list", "redis");
    assert.equal(list.exitCode, 0, list.printed);
    const [head, row, ...more] = list.stdout.split("\n");
    assert.match(head!, /^SERVICE +POINT +TIME +GENERATION +SIZE +ADDED$/);
    assert.match(row!, /^redis +[0-9a-f]{8} +2\d{3}-\d\d-\d\d \d\d:\d\d UTC +1 /);
    assert.deepEqual(more, []);
    const plan = await backup("--plan");
    assert.match(plan.stdout, /^redis +redis-data +0 2 \* \* \* UTC +\d+\w+ ago, .* ok +never$/m);
    assert.match(plan.stdout, new RegExp(`^they go to ${address}$`, "m"));
  });

  it("leaves no point and no held service where its pod is killed, and locks nobody out", async function () {
    this.timeout(300_000);
    const { kube } = cluster();
    const before = (await points("redis")).length;
    await inRedis("eval", "for i=1,20000 do redis.call('set', 'k'..i, string.rep(tostring(i), 300)) end", "0");
    // It is held only where somebody writes.
    await redisShell("(for i in $(seq 300); do redis-cli incr busy; sleep 0.2; done) >/dev/null 2>&1 &");
    const running = backup("redis");
    const pod = await until("the backup holds Redis", async () => {
      const { items } = await kube.core.listNamespacedPod({ namespace: home });
      const own = items.find(({ status }) => status?.phase === "Running");
      const log =
        own && (await kube.core.readNamespacedPodLog({ name: own.metadata!.name!, namespace: home }).catch(() => ""));
      return log?.includes("takes no writes") && own;
    });
    await kube.core.deleteNamespacedPod({ name: pod.metadata!.name!, namespace: home, gracePeriodSeconds: 0 });
    assert.equal((await running).exitCode, 1);
    assert.equal((await points("redis")).length, before);
    const { exitCode, printed } = await backup("redis");
    assert.equal(exitCode, 0, printed);
    assert.equal((await points("redis")).length, before + 1);
    assert.equal(await inRedis("set", "later", "x"), "OK");
  });

  it("forgets old points on schedule, by the address where that can be, and never those that stay", async function () {
    this.timeout(300_000);
    const { kube } = cluster();
    const stays = (await points("redis")).map(({ id }) => id);
    await target().shell(
      `tags=$(restic snapshots --json --no-lock --tag service:redis | grep -o '"tags":\\[[^]]*' | head -1 |
        cut -d[ -f2 | tr -d '"')
      for day in 1 2 3; do
        head -c 1000000 /dev/urandom >/tmp/old
        restic backup --quiet --host cluster-storage --tag "$tags" --time "2020-01-0$day 00:00:00" /tmp/old
      done`,
    );
    assert.equal((await points("redis")).length, stays.length + 3);
    // Not even by somebody who has the password.
    await assert.rejects(target().shell("restic forget --tag service:redis --keep-last 1 --group-by ''"), /403/);
    const plan = await backup("--plan");
    assert.equal(plan.exitCode, 0, plan.printed);
    assert.match(plan.stdout, new RegExp(`^redis: kept are daily 14d; of \\d+ points (\\d+) would be forgotten$`, "m"));
    assert.match(plan.stdout, /^redis +[0-9a-f]{8} +2020-01-01 00:00 UTC +976\.6 KiB$/m);
    const metadata = { name: "backups-care", namespace: home };
    const cronJob = (await kube.objects.read({ apiVersion: "batch/v1", kind: "CronJob", metadata })) as V1CronJob;
    cronJob.spec!.schedule = "* * * * *";
    await kube.objects.replace(cronJob);
    const old = async () => target().shell("restic snapshots --json --no-lock | grep -c '\"2020-' || true");
    await until("the old points are forgotten", async () => (await old()).trim() === "0", 240);
    const found = (await points("redis")).map(({ id }) => id);
    assert.ok(found.includes(stays.at(-1)!), `${stays.join()} became ${found.join()}`);
    const { items } = await until(
      "the result is told",
      async () => {
        const events = await kube.core.listNamespacedEvent({ namespace: home });
        return events.items.some(({ reason }) => reason === "RepositoryCaredFor") && events;
      },
      60,
    );
    const [told] = items.filter(({ reason }) => reason === "RepositoryCaredFor");
    assert.match(
      told!.message!,
      /^cared for http.*:8081\/cluster: forgot \d+ points, part 1 of 7 of the data is sound$/,
    );
    await target().shell("restic check --read-data --no-lock");
  });

  it("runs on schedule without a word from anybody", async function () {
    this.timeout(300_000);
    const { kube } = cluster();
    const before = (await points("postgres")).length;
    const metadata = { name: "postgres-backup", namespace: home };
    const cronJob = (await kube.objects.read({ apiVersion: "batch/v1", kind: "CronJob", metadata })) as V1CronJob;
    // Without the minutes that it waits so that not all services begin at once.
    cronJob.spec!.jobTemplate.spec!.template.spec!.containers[0]!.env!.push({ name: "BACKUP_NOW", value: "true" });
    cronJob.spec!.schedule = "* * * * *";
    await kube.objects.replace(cronJob);
    await until("a scheduled point", async () => (await points("postgres")).length > before, 180);
    const { items } = await kube.objects.list<V1Job>("batch/v1", "Job", home);
    assert.ok(items.some(({ metadata: own }) => /^postgres-backup-\d+$/.test(own?.name ?? "")));
  });
});
