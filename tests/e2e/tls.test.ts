import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { execInPod } from "../../kube/exec";
import { podsOf, waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { tlsFiles } from "../../model/tls";
import type { CheckStep } from "../../ops/pulumi/outputs";
import { readOutputs } from "../../ops/pulumi/stack";
import { runSteps } from "../../ops/verify/steps";
import { catalogue } from "../../services/catalogue";
import { pulumiWith } from "./cli";
import { useDeployedStack } from "./fixture";

const up = ["up", "--yes", "--skip-preview"];
const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };
const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const n8n: WorkloadRef = { namespace: "local-ai-n8n", kind: "Deployment", workload: "n8n" };
const host = "host=postgres.local-ai-data.svc.cluster.local hostaddr=127.0.0.1 user=n8n dbname=n8n connect_timeout=5";
const refusal = /no pg_hba.conf entry|pg_hba.conf rejects connection/;

describe("encrypted connections of the running stack", () => {
  const cluster = useDeployedStack();
  let password: string;

  const update = async (tls: boolean, args = up) => {
    const services = { postgres: { tls }, redis: { tls } };
    const { exitCode, printed } = await pulumiWith(cluster(), { "cluster-storage:services": services }, args);
    assert.equal(exitCode, 0, printed);
  };
  const run = async (workload: WorkloadRef, command: string[]) => {
    const pod = await waitForReadyPod(cluster().kube, workload, 120_000);
    return execInPod(cluster().kube, workload.namespace, pod.metadata!.name!, workload.workload, command);
  };
  const said = async (workload: WorkloadRef, command: string[]) => {
    const { exitCode, stdout, stderr } = await run(workload, command);
    assert.equal(exitCode, 0, stdout + stderr);
    return stdout.trim();
  };
  /** Logs in as n8n does, over TCP; what the server answers to it, or why it doesn't. */
  const asN8n = async (options: string, sql: string) => {
    const login = `PGPASSWORD=$(cat) exec psql -X -At "${host} ${options}" -c "${sql}" 2>&1`;
    const { stdout, exitCode } = await run(postgres, ["sh", "-c", `printf %s '${password}' | (${login})`]);
    return { ok: exitCode === 0, text: stdout.trim() };
  };
  const inSocket = (sql: string) => said(postgres, ["psql", "-X", "-At", "-U", "postgres", "-c", sql]);
  const verified = `sslmode=verify-full sslrootcert=${tlsFiles.authority}`;
  /** Its init container has logged in by the same settings. */
  const n8nIsReady = () => waitForReadyPod(cluster().kube, n8n, 60_000);

  before("records of before", async () => {
    const secret = await cluster().kube.core.readNamespacedSecret({ namespace: n8n.namespace, name: "n8n" });
    password = Buffer.from(secret.data!["database-password"]!, "base64").toString();
    assert.ok((await asN8n("sslmode=disable", "create table before_tls as select 42 as answer")).ok);
    await said(redis, ["redis-cli", "set", "before-tls", "42"]);
  });

  it("come by one update, which keeps the data; a second one has nothing to do", async function () {
    this.timeout(240_000);
    await update(true);
    assert.equal(await said(redis, ["redis-cli", "--tls", "--cacert", tlsFiles.authority, "get", "before-tls"]), "42");
    assert.deepEqual(await asN8n(verified, "select answer from before_tls"), { ok: true, text: "42" });
    await update(true, ["preview", "--expect-no-changes"]);
  });

  it("are what the stack's own client has: its server is verified, and pg_stat_ssl says so", async () => {
    await n8nIsReady();
    assert.deepEqual(await asN8n(verified, "select ssl, version from pg_stat_ssl where pid = pg_backend_pid()"), {
      ok: true,
      text: "t|TLSv1.3",
    });
    const { data } = await cluster().kube.core.readNamespacedSecret({
      namespace: "local-ai-data",
      name: "postgres-tls",
    });
    const served = new X509Certificate(Buffer.from(data!["tls.crt"]!, "base64"));
    const [pod] = (await podsOf(cluster().kube, postgres))!;
    const ends = pod!.metadata!.annotations!["cluster-storage/certificate-ends"]!;
    assert.equal(new Date(served.validTo).toISOString(), new Date(ends).toISOString());
  });

  it("are refused where a client is plain, or expects another name or another authority", async () => {
    const plain = await asN8n("sslmode=disable", "select 1");
    assert.ok(!plain.ok && refusal.test(plain.text), plain.text);
    const otherName = await asN8n(`${verified} host=redis.example`, "select 1");
    assert.ok(!otherName.ok && /does not match host name/.test(otherName.text), otherName.text);
    const otherAuthority = await asN8n(`sslmode=verify-full sslrootcert=/etc/hostname`, "select 1");
    assert.ok(!otherAuthority.ok, otherAuthority.text);
    const plainRedis = await run(redis, ["redis-cli", "ping"]);
    assert.doesNotMatch(plainRedis.stdout, /PONG/);
  });

  it("leave checks, holds and what a move asks as they were", async function () {
    this.timeout(120_000);
    const { services } = await readOutputs(cluster().target.stack);
    const pod = await waitForReadyPod(cluster().kube, redis, 60_000);
    const record = { key: "cluster-storage-check-tls", value: "kept" };
    const checked = (steps: CheckStep[]) => runSteps(cluster().kube, services.redis!, pod, steps, record);
    const { write, read, remove } = services.redis!.check;
    await checked(write);
    assert.equal(await checked(read), "kept");
    await checked(remove);
    for (const [workload, path] of [
      [redis, "/data"],
      [postgres, "/var/lib/postgresql/data"],
    ] as const) {
      const recipe = catalogue.get(workload.workload)!.exportRecipe!([{ path }]);
      for (const { exec } of [...recipe.begin, recipe.mark!, ...recipe.end]) await said(workload, exec);
    }
    assert.ok((await asN8n(verified, "select 1")).ok);
  });

  it("go by one update, which leaves no rule behind and keeps the data", async function () {
    this.timeout(240_000);
    await update(false);
    assert.deepEqual(await asN8n("sslmode=disable", "select answer from before_tls"), { ok: true, text: "42" });
    assert.equal(await inSocket("select count(*) from pg_hba_file_rules where type = 'hostnossl'"), "0");
    assert.equal(await said(redis, ["redis-cli", "get", "before-tls"]), "42");
    await n8nIsReady();
    await said(redis, ["redis-cli", "unlink", "before-tls"]);
    await asN8n("sslmode=disable", "drop table before_tls");
  });
});
