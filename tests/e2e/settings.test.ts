import type { V1ConfigMap } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { execInPod } from "../../kube/exec";
import { podsOf, waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { pulumiWith } from "./cli";
import { useDeployedStack } from "./fixture";

const up = ["up", "--yes", "--skip-preview"];
const workloads = {
  postgres: { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" },
  redis: { namespace: "local-ai-system", kind: "Deployment", workload: "redis" },
  n8n: { namespace: "local-ai-n8n", kind: "Deployment", workload: "n8n" },
  neo4j: { namespace: "local-ai-data", kind: "StatefulSet", workload: "neo4j" },
} satisfies Record<string, WorkloadRef>;

type Service = keyof typeof workloads;

const n8nHome = "/home/node";

/** A jar with nothing in it: Neo4j opens each one that is there, and doesn't start with one that is none. */
const emptyJar = Buffer.from("PK\x05\x06" + "\0".repeat(18)).toString("base64");

describe("settings that every service takes", () => {
  const cluster = useDeployedStack();
  let services: object;

  before("the stack file", async () => {
    services = parse(await readFile(join(__dirname, "settings.yaml"), "utf8")) as object;
  });
  after("the stack as it was", async function () {
    this.timeout(300_000);
    const { exitCode, printed } = await pulumiWith(cluster(), {}, up);
    assert.equal(exitCode, 0, printed);
    await removeObjects();
  });

  const update = (args = up) => pulumiWith(cluster(), { "cluster-storage:services": services }, args);
  const pod = (service: Service) => waitForReadyPod(cluster().kube, workloads[service], 180_000);
  const run = async (service: Service, script: string) => {
    const { metadata } = await pod(service);
    const { namespace } = workloads[service];
    const { exitCode, stdout, stderr } = await execInPod(cluster().kube, namespace, metadata!.name!, service, [
      "sh",
      "-c",
      script,
    ]);
    assert.equal(exitCode, 0, stdout + stderr);
    return stdout.trim();
  };
  const pods = () =>
    Promise.all(
      Object.values(workloads).map(async (workload) =>
        (await podsOf(cluster().kube, workload))?.map(({ metadata }) => metadata?.uid),
      ),
    );
  /** A variable of the service's own process. */
  const variable = async (service: Service, name: string) => {
    const all = await run(service, 'for p in /proc/[0-9]*; do tr "\\0" "\\n" <$p/environ 2>/dev/null; done | sort -u');
    return all.split("\n").flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
  };

  const { namespace: automation } = workloads.n8n;
  const { namespace: data } = workloads.neo4j;
  async function createObjects(): Promise<void> {
    const { core } = cluster().kube;
    const secret = (name: string, stringData: Record<string, string>) =>
      core.createNamespacedSecret({ namespace: automation, body: { metadata: { name }, stringData } });
    await secret("mail", { password: "from-somebody-else" });
    await secret("my-authority", { "ca.crt": "not a certificate" });
    const configMap = (namespace: string, name: string, entries: Pick<V1ConfigMap, "data" | "binaryData">) =>
      core.createNamespacedConfigMap({ namespace, body: { metadata: { name }, ...entries } });
    await configMap(automation, "mail", { data: { host: "mail.example.org" } });
    await configMap(data, "my-plugin", { binaryData: { "mine.jar": emptyJar } });
  }
  async function removeObjects(): Promise<void> {
    const { core } = cluster().kube;
    for (const name of ["mail", "my-authority"]) await core.deleteNamespacedSecret({ namespace: automation, name });
    await core.deleteNamespacedConfigMap({ namespace: automation, name: "mail" });
    await core.deleteNamespacedConfigMap({ namespace: data, name: "my-plugin" });
  }

  it("are refused where they name objects that aren't there, before any pod is touched", async () => {
    const before = await pods();
    const { exitCode, printed } = await update();
    assert.notEqual(exitCode, 0);
    const { context } = cluster().overrides["cluster-storage:cluster"] as { context: string };
    for (const line of [
      "Secret local-ai-n8n/mail, which cluster-storage:services.n8n.env.N8N_SMTP_PASS names, is not there, and the " +
        "pod would wait for it for ever [named-objects]",
      `make it: kubectl --context ${context} -n local-ai-n8n create secret generic mail --from-literal=password=VALUE`,
      `make it: kubectl --context ${context} -n local-ai-n8n create secret generic my-authority --from-file=FILE`,
      `make it: kubectl --context ${context} -n local-ai-n8n create configmap mail --from-literal=host=VALUE`,
      `make it: kubectl --context ${context} -n local-ai-data create configmap my-plugin --from-literal=mine.jar=VALUE`,
    ])
      assert.ok(printed.includes(line), `${line}\nis not in\n${printed}`);
    assert.deepEqual(await pods(), before);
  });

  it("come by one update; a second one has nothing to do", async function () {
    this.timeout(300_000);
    await createObjects();
    const { exitCode, printed } = await update();
    assert.equal(exitCode, 0, printed);
    await Promise.all(Object.keys(workloads).map((service) => pod(service as Service)));
    const again = await update(["preview", "--expect-no-changes"]);
    assert.equal(again.exitCode, 0, again.printed);
  });

  it("args: PostgreSQL and Redis go by them, and by what the catalogue says", async () => {
    const show = (name: string) => run("postgres", `psql -X -At -U postgres -c "show ${name}"`);
    assert.equal(await show("log_min_duration_statement"), "500ms");
    assert.equal(await show("data_directory"), "/var/lib/postgresql/data/pgdata");
    const get = (name: string) => run("redis", `redis-cli config get ${name} | tail -1`);
    assert.equal(await get("maxclients"), "500");
    assert.equal(await get("appendonly"), "yes");
    assert.match(await run("redis", "REDISCLI_AUTH= redis-cli ping 2>&1"), /NOAUTH/);
  });

  it("env: text, a Secret's key and a ConfigMap's key reach the process", async () => {
    const expected: Record<string, string> = {
      WEBHOOK_URL: "https://n8n.example.org/",
      GENERIC_TIMEZONE: "Europe/Berlin",
      N8N_SMTP_HOST: "mail.example.org",
      N8N_SMTP_PASS: "from-somebody-else",
    };
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(await variable("n8n", name), [value], name);
    assert.deepEqual(await variable("neo4j", "NEO4J_PLUGINS"), ['["apoc"]']);
  });

  it("extraVolumes: the files are there for the service's user, and read-only", async () => {
    assert.equal(await run("n8n", "cat /opt/my-certificates/ca.crt"), "not a certificate");
    assert.match(await run("n8n", "(echo x >/opt/my-certificates/ca.crt) 2>&1 || true"), /[Rr]ead-only file system/);
    assert.equal(await run("neo4j", "base64 /var/lib/neo4j/plugins/mine.jar"), emptyJar);
  });

  it("shm: processes share that much memory", async () => {
    assert.equal(await run("postgres", "df -k /dev/shm | tail -1 | awk '{ print $2 }'"), String(128 * 1024));
    await run("postgres", "dd if=/dev/zero of=/dev/shm/probe bs=1M count=100 2>/dev/null && rm /dev/shm/probe");
  });

  it("probes: the kubelet is as patient as they say", async () => {
    const [container] = (await pod("postgres")).spec!.containers;
    const { startupProbe, readinessProbe, livenessProbe } = container!;
    assert.deepEqual([startupProbe?.periodSeconds, startupProbe?.failureThreshold], [2, 1800]);
    assert.deepEqual([livenessProbe?.periodSeconds, livenessProbe?.failureThreshold], [20, 12]);
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) assert.equal(probe?.timeoutSeconds, 12);
  });

  it("leave n8n's files on its volume, where its own user can write", async () => {
    await run("n8n", `echo kept >${n8nHome}/.n8n-files/note && sync`);
    const { metadata } = await pod("n8n");
    await cluster().kube.core.deleteNamespacedPod({ namespace: automation, name: metadata!.name! });
    assert.equal(await run("n8n", `cat ${n8nHome}/.n8n-files/note`), "kept");
    assert.equal(await run("n8n", `cat ${n8nHome}/.n8n/n8n-files/note && rm ${n8nHome}/.n8n-files/note`), "kept");
  });
});
