import assert from "node:assert/strict";
import { waitForReadyPod } from "../../kube/pods";
import { runPod } from "../../ops/pods/run-pod";
import { redis, useBackedUp } from "./backed-up";
import { address } from "./backup-target";
import { ops } from "./cli";
import { commandsOf, plain } from "./page";
import { until } from "./state";

describe("a service that is restored from a point", () => {
  const { cluster, file, backUp, inRedis, inPostgres } = useBackedUp();
  const ran = new Set<string>();
  const restore = (...args: string[]) => {
    ran.add(plain(["restore", ...args]));
    return file().run("restore", ...args);
  };
  const claimOf = async () => {
    const pod = await waitForReadyPod(cluster().kube, redis, 120_000);
    return pod.spec?.volumes?.find(({ persistentVolumeClaim: claim }) => claim)?.persistentVolumeClaim?.claimName;
  };
  const secrets = async () => {
    const { items } = await cluster().kube.core.listNamespacedSecret({ namespace: redis.namespace });
    return items.map(({ metadata }) => metadata?.name).filter((name) => name?.includes("move"));
  };

  before("a record before the points, and another one after them", async function () {
    this.timeout(600_000);
    await inRedis("set", "before", "the point");
    await inPostgres("create table numbers as select 42 as number");
    await backUp();
    await inRedis("set", "after", "the point");
    await inPostgres("insert into numbers values (43)");
  });

  it("lists its points and changes nothing", async () => {
    const { exitCode, stdout, printed } = await restore("redis", "--list");
    assert.equal(exitCode, 0, printed);
    assert.match(stdout, /^redis +[0-9a-f]{8} +2\d{3}-\d\d-\d\d \d\d:\d\d UTC +1 /m);
    assert.doesNotMatch(stdout, /^postgres/m);
    assert.equal(await claimOf(), "redis-data");
  });

  it("refuses a point that isn't there, with the stack file as it was", async () => {
    const before = await file().read();
    const { exitCode, stderr } = await ops(["restore", "redis", "--at", "0123abcd", "--yes"], file().env);
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^there is no point "0123abcd" of redis; npm run restore -- redis --list shows those that there are/,
    );
    assert.equal(await file().read(), before);
  });

  it("asks before it changes anything", async () => {
    const before = await file().read();
    const { exitCode, stdout, stderr } = await ops(["restore", "redis"], file().env);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^Point [0-9a-f]{8} of \S+\/redis: .* ago\), .* in \d+ files?\.$/m);
    assert.match(stderr, /is as it was, and so is the cluster: there is no terminal to confirm on; pass --yes/);
    assert.equal(await file().read(), before);
  });

  it("goes on after its pods were killed, and has what the point has; the volume of before is kept", async function () {
    this.timeout(600_000);
    const { core } = cluster().kube;
    const running = restore("redis", "--yes");
    const { namespace } = redis;
    for (const part of ["measure", "copy"]) {
      const name = await until(
        `the pod that does the ${part} is there`,
        async () => {
          const { items } = await core.listNamespacedPod({ namespace });
          return items.find(({ metadata }) => metadata?.name?.endsWith(`-to-2-${part}`))?.metadata?.name;
        },
        300,
      );
      await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
    }
    const { exitCode, stdout, printed } = await running;
    assert.equal(exitCode, 0, printed);
    assert.match(
      stdout,
      /redis is as it was at .* UTC\. npm run move -- redis --back --as-it-was returns to what it had/,
    );
    assert.equal(await claimOf(), "redis-data-2");
    assert.equal(await inRedis("get", "before"), "the point");
    assert.equal(await inRedis("get", "after"), "");
    assert.match(await file().read(), /from: \{ point: "?[0-9a-f]{64}"? \}/);
    const kept = await core.readNamespacedPersistentVolumeClaim({ name: "redis-data", namespace });
    assert.equal(kept.status?.phase, "Bound");
    assert.deepEqual(await secrets(), []);
  });

  it("changes nothing in the next update", async function () {
    this.timeout(300_000);
    await file().deploy();
    assert.equal(await claimOf(), "redis-data-2");
    assert.equal(await inRedis("get", "before"), "the point");
    assert.deepEqual(await secrets(), []);
  });

  it("returns to the volume of before, with all that it had", async function () {
    this.timeout(300_000);
    const { exitCode, printed } = await file().run("move", "redis", "--back", "--as-it-was", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.equal(await claimOf(), "redis-data");
    assert.equal(await inRedis("get", "after"), "the point");
  });

  it("can be looked at beside the service, which goes on", async function () {
    this.timeout(300_000);
    const { core } = cluster().kube;
    const { namespace } = redis;
    const before = await file().read();
    const { exitCode, stdout, printed } = await restore("redis", "--into", "look");
    assert.equal(exitCode, 0, printed);
    assert.match(
      stdout,
      /^claim local-ai-system\/look has redis as it was at .* UTC, compared with the point's listing/m,
    );
    assert.deepEqual([await claimOf(), await inRedis("get", "after")], ["redis-data", "the point"]);
    assert.equal(await file().read(), before);
    const body = {
      metadata: { name: "reader" },
      spec: {
        restartPolicy: "Never",
        securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "reader",
            image: (await core.listNamespacedPod({ namespace })).items[0]!.spec!.containers[0]!.image,
            command: ["sh", "-c", "cat /look/appendonlydir/*.aof"],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            volumeMounts: [{ name: "look", mountPath: "/look" }],
          },
        ],
        volumes: [{ name: "look", persistentVolumeClaim: { claimName: "look" } }],
      },
    };
    const { name, trouble } = await runPod(cluster().kube, namespace, body, 120_000);
    assert.equal(trouble, undefined);
    const log = await core.readNamespacedPodLog({ name, namespace });
    assert.match(log, /before/);
    assert.doesNotMatch(log, /after/);
    const left = await core.listNamespacedSecret({ namespace });
    assert.ok(!left.items.some(({ metadata }) => metadata?.name === "look-restore"));
    await core.deleteNamespacedPod({ name, namespace });
    await core.deleteNamespacedPersistentVolumeClaim({ name: "look", namespace });
  });

  it("is PostgreSQL with its tables as they were", async function () {
    this.timeout(600_000);
    const { exitCode, printed } = await restore("postgres", "--at", new Date().toISOString(), "--yes");
    assert.equal(exitCode, 0, printed);
    assert.equal(await inPostgres("select count(*) from numbers"), "1");
    assert.equal(await inPostgres("insert into numbers values (44) returning number"), "44\nINSERT 0 1");
  });

  it("is left as it is where the password is wrong", async function () {
    this.timeout(300_000);
    const { core } = cluster().kube;
    const secret = { name: "backups", namespace: "local-ai-backups" };
    const { data = {} } = await core.readNamespacedSecret(secret);
    const set = (password: string) =>
      cluster().kube.objects.patch({
        apiVersion: "v1",
        kind: "Secret",
        metadata: secret,
        ...{ data: { ...data, password } },
      });
    await set(Buffer.from("wrong").toString("base64"));
    const before = await file().read();
    try {
      const { exitCode, stderr } = await ops(["restore", "redis", "--yes"], file().env);
      assert.equal(exitCode, 1);
      assert.equal(
        stderr,
        `the password is not that of the repository at ${address}; nothing was written. Set the right one: pulumi ` +
          "config set --secret --path 'cluster-storage:backups.repository.password'. Nothing was changed",
      );
    } finally {
      await set(data.password!);
    }
    assert.equal(await file().read(), before);
    assert.equal(await claimOf(), "redis-data");
  });

  it("was restored by every command that the page names", () => {
    const named = commandsOf("docs/backups.md", "Restore one");
    assert.ok(named.length >= 4);
    assert.deepEqual(
      named.filter((command) => !ran.has(command)),
      [],
    );
  });
});
