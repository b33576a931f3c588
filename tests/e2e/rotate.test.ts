import assert from "node:assert/strict";
import { execa, type ResultPromise } from "execa";
import { parse, stringify } from "yaml";
import { execInPod } from "../../kube/exec";
import { deletePod, waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { checkout, readStackConfig } from "../../ops/pulumi/project";
import { trySecret } from "../../ops/rotate/try";
import { catalogue } from "../../services/catalogue";
import type { ServicePlan } from "../../model/plan";
import { useCluster } from "./fixture";
import { killHard } from "./kill";
import { OwnStackFile } from "./own-stack-file";
import { Client, type Server } from "./rotate-client";
import { assertOwnRole } from "./rotate-taskflow";
import { removeStack, until } from "./state";

const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };

// A connection that began before the old pod went would wait for it until the kernel gives up.
const cli = "IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH; timeout 3 redis-cli -h redis.local-ai-system.svc";
const ofRedis: Server = {
  ref: redis,
  key: "password",
  prepare: `${cli} ping`,
  write: `${cli} rpush numbers "$1" | grep -qE '^[0-9]+$' && echo 1`,
  read: `${cli} lrange numbers 0 -1`,
};
const psql =
  "IFS= read -r PGPASSWORD; export PGPASSWORD; " +
  "PGCONNECT_TIMEOUT=2 psql -X -q -w -h postgres.local-ai-data.svc -U postgres -d postgres -Atc";
const ofPostgres: Server = {
  ref: postgres,
  key: "password",
  prepare: `${psql} "create table numbers (number int)"`,
  write: `${psql} "insert into numbers values ($1) returning 1"`,
  read: `${psql} "select number from numbers"`,
};

describe("rotate, under clients that write", () => {
  const cluster = useCluster();
  let file: OwnStackFile;
  const clients: Client[] = [];

  before("the services that have a password of a real server", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    const whole = parse(await readStackConfig("dev")) as { config: Record<string, Record<string, unknown>> };
    const services = whole.config["cluster-storage:services"]!;
    whole.config["cluster-storage:services"] = Object.fromEntries(
      ["redis", "postgres", "n8n", "taskflow-db", "taskflow"].map((name) => [name, services[name]]),
    );
    file = await OwnStackFile.write(stringify(whole));
    await file.deploy();
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.stop()));
    await file.remove();
    await removeStack(cluster());
  });

  const client = async (server: Server) => {
    const started = new Client(cluster(), server);
    clients.push(started);
    await started.start();
    return started;
  };
  const rotation = async (service: string) => {
    const { config } = parse(await file.read()) as { config: Record<string, Record<string, { rotation?: number }>> };
    return config["cluster-storage:services"]![service]!.rotation;
  };
  const answer = async (ref: WorkloadRef, value: string, how = trialOf(ref.workload)) => {
    const pod = await waitForReadyPod(cluster().kube, ref, 120_000);
    const plan = { name: ref.workload, namespace: ref.namespace } as ServicePlan;
    return trySecret(cluster().kube, plan, pod, how, value);
  };
  const trialOf = (service: string) => catalogue.get(service)!.secrets![0]!.trial!;
  const n8n = async () => {
    const { data } = await cluster().kube.core.readNamespacedSecret({ namespace: "local-ai-n8n", name: "n8n" });
    return Object.fromEntries(
      Object.entries(data!).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  };

  it("gives Redis another password; what was acknowledged is there, and the old one is refused", async () => {
    const writer = await client(ofRedis);
    const before = await writer.secret();
    const begun = Date.now();
    const { exitCode, printed } = await file.run("rotate", "redis", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.ok(
      printed.includes("redis: passwords number 2; the new password (redis) is taken and the one before is refused"),
      printed,
    );
    const ended = Date.now();
    await until("a write after the rotation", () => Promise.resolve(writer.last() > ended), 30);
    await writer.stop();
    assert.equal(await rotation("redis"), 2);
    const now = await writer.secret();
    assert.notEqual(now, before);
    assert.deepEqual([await answer(redis, now), await answer(redis, before)], ["taken", "refused"]);
    assert.deepEqual(await writer.lost(), []);
    console.log(`      Redis was away for ${writer.longestGap(begun)} ms, ${writer.acknowledged.size} writes`);
  });

  it("goes on with PostgreSQL's passwords after it was killed, with no further number and nothing lost", async () => {
    const writer = await client(ofPostgres);
    const [before, role] = [await writer.secret(), (await n8n())["database-password"]!];
    const begun = Date.now();
    const killed: ResultPromise = execa(process.execPath, [...entry, "postgres", "--yes"], {
      cwd: checkout,
      env: file.env,
      reject: false,
    });
    await until("the Secret has another password", async () => (await writer.secret()) !== before);
    killHard(killed.pid!, true);
    await killed;
    assert.equal(await rotation("postgres"), 2);

    const recovered = await file.run("recover");
    assert.equal(recovered.exitCode, 0, recovered.printed);
    const { exitCode, printed } = await file.run("rotate", "postgres", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.match(printed, /^The last rotation isn't finished: .*\. It goes on; no further password is given\.$/m);
    assert.deepEqual([await rotation("postgres"), await rotation("n8n")], [2, 2]);
    const ended = Date.now();
    await until("a write after the rotation", () => Promise.resolve(writer.last() > ended), 30);
    await writer.stop();
    const [now, { "database-password": roleNow, "encryption-key": key }] = [await writer.secret(), await n8n()];
    assert.deepEqual([await answer(postgres, now), await answer(postgres, before)], ["taken", "refused"]);
    const ofRole = catalogue.get("postgres")!.databases!.trial("n8n", "n8n");
    assert.deepEqual(
      [await answer(postgres, roleNow!, ofRole), await answer(postgres, role, ofRole)],
      ["taken", "refused"],
    );
    assert.ok(key);
    assert.deepEqual(await writer.lost(), []);
    console.log(`      PostgreSQL was away for ${writer.longestGap(begun)} ms, ${writer.acknowledged.size} writes`);
  });

  it("sets the password again where the data is of an earlier time, and logs none of it", async () => {
    const { kube } = cluster();
    const pod = await waitForReadyPod(kube, postgres, 60_000);
    const at = [postgres.namespace, pod.metadata!.name!, "postgres"] as const;
    const older = `psql -X -U postgres -Atc "alter role postgres password 'of-an-earlier-time'"`;
    assert.equal((await execInPod(kube, ...at, ["sh", "-c", older])).exitCode, 0);
    assert.equal(await answer(postgres, "of-an-earlier-time"), "taken");
    await deletePod(kube, pod);
    const next = await waitForReadyPod(kube, postgres, 120_000, pod.metadata!.uid);
    const password = await new Client(cluster(), ofPostgres).secret();
    assert.deepEqual(
      [await answer(postgres, password), await answer(postgres, "of-an-earlier-time")],
      ["taken", "refused"],
    );
    const log = await kube.core.readNamespacedPodLog({ namespace: at[0], name: next.metadata!.name! });
    assert.ok(!log.includes(password) && !log.includes("SCRAM-SHA-256"), log);
  });

  it("gives Taskflow's database to a role that has no shell, also one of an earlier version, with its data", () =>
    assertOwnRole(cluster(), file));

  it("never goes back to a password that was replaced", async () => {
    const text = await file.read();
    await file.write(text.replace(/( {4}redis:[^]*?)rotation: 2/, "$1rotation: 1"));
    await assert.rejects(file.deploy(), (error: Error) =>
      error.message.includes(
        "services.redis.rotation: is 1, and the last update had 2: a password that was replaced is not used again; " +
          "write rotation: 2; for new passwords, then run npm run rotate -- redis",
      ),
    );
    await file.write(text);
  });
});

const entry = ["--require", "./transpile.cjs", "ops/commands/rotate.ts"];
