import assert from "node:assert/strict";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { useCluster } from "./fixture";
import { OwnStackFile } from "./own-stack-file";
import { removeStack } from "./state";

const toleration = "{ key: dedicated, value: storage, effect: NoSchedule }";
const stackFile = (defaults: string, redis = "") => `config:
  pulumi:autonaming: { mode: disabled }
  pulumi:disable-default-providers: [kubernetes]
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/local-path-provisioner, default: true, reclaimPolicy: Delete }
    fast: { type: local-path, path: /opt/fast, reclaimPolicy: Delete }
  cluster-storage:registry: harbor.example/hub
  cluster-storage:defaults:
    ${defaults}
  cluster-storage:services:
    postgres:
      size: 1Gi
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms: [{ matchExpressions: [{ key: disk, operator: In, values: [fast] }] }]
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway }
      imagePullPolicy: Never
    redis: { size: 1Gi, class: local-path, resources: { limits: { memory: 128Mi } }${redis} }
`;
const defaults = `{ tolerations: [${toleration}], nodeSelector: { disk: fast }, priorityClassName: data,
      imagePullSecrets: [registry], podLabels: { team: data }, podAnnotations: { example.com/scrape: "true" } }`;
const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };
const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };

describe("where pods run, and what the memory limit makes of their settings", () => {
  const cluster = useCluster();
  let file: OwnStackFile;

  const patchNode = (patch: object) =>
    cluster().kube.objects.patch({ apiVersion: "v1", kind: "Node", metadata: { name: "local" }, ...patch });
  const taint = (taints: object[]) => patchNode({ spec: { taints } });
  const pod = (ref: WorkloadRef) => waitForReadyPod(cluster().kube, ref, 180_000);
  const run = async (ref: WorkloadRef, script: string) => {
    const { metadata } = await pod(ref);
    const command = ["sh", "-c", script];
    const { stdout, stderr } = await execInPod(cluster().kube, ref.namespace, metadata!.name!, ref.workload, command);
    return (stdout + stderr).trim();
  };
  const ask = (name: string) => run(redis, `redis-cli config get ${name} | tail -1`);
  const uids = () => Promise.all([postgres, redis].map(async (ref) => (await pod(ref)).metadata?.uid));

  before("a node that takes only what tolerates its taint", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    await patchNode({ metadata: { name: "local", labels: { disk: "fast" } } });
    await cluster().kube.objects.create({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "data" },
      value: 1000,
    } as never);
    await taint([{ key: "dedicated", value: "storage", effect: "NoSchedule" }]);
    file = await OwnStackFile.write(stackFile(defaults));
    await file.deploy();
  });
  after(async function () {
    this.timeout(300_000);
    await taint([]);
    await removeStack(cluster());
    await cluster().kube.objects.delete({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "data" },
    });
    await file?.remove();
  });

  it("reach the pods, which run on a node that others can't go to", async () => {
    for (const ref of [postgres, redis]) {
      const { spec, metadata } = await pod(ref);
      assert.equal(spec?.nodeName, "local");
      assert.deepEqual(spec?.nodeSelector, { disk: "fast" });
      assert.ok(spec?.tolerations?.some(({ key, value }) => key === "dedicated" && value === "storage"));
      assert.deepEqual([spec?.priorityClassName, spec?.priority], ["data", 1000]);
      assert.deepEqual(
        spec?.imagePullSecrets?.map(({ name }) => name),
        ["registry"],
      );
      assert.equal(metadata?.labels?.team, "data");
      assert.equal(metadata?.annotations?.["example.com/scrape"], "true");
    }
  });

  it("reach the pod of one service, whose image has a registry of its own", async () => {
    const { spec } = await pod(postgres);
    assert.deepEqual(JSON.parse(JSON.stringify(spec?.affinity)), {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator: "In", values: ["fast"] }] }],
        },
      },
    });
    const [spread] = spec?.topologySpreadConstraints ?? [];
    assert.deepEqual(
      [spread?.topologyKey, spread?.maxSkew, spread?.whenUnsatisfiable],
      ["kubernetes.io/hostname", 1, "ScheduleAnyway"],
    );
    const [container] = spec?.containers ?? [];
    assert.equal(container?.imagePullPolicy, "Never");
    assert.match(container?.image ?? "", /^localhost\//);
    assert.equal((await pod(redis)).spec?.affinity, undefined);
  });

  it("are refused where the volume's node doesn't fit, before a pod is touched", async function () {
    this.timeout(180_000);
    const before = await uids();
    const refusal = async (text: string) => {
      await file.write(text);
      return refusalOf(await file.deploy().catch((error: Error) => error));
    };
    const selects = await refusal(stackFile(defaults.replace("disk: fast", "disk: slow")));
    assert.ok(selects.includes("  cluster-storage:defaults.nodeSelector: doesn't fit "), selects);
    for (const name of ["postgres", "redis"])
      assert.ok(
        selects.includes(
          `doesn't fit ${name}: node local has disk=fast, not disk=slow, and claim ${name}-data has its volume on ` +
            "node local, so the pod could start nowhere; change the value, or move the data: npm run move " +
            `-- ${name} --node NODE`,
        ),
        selects,
      );
    const tolerates = await refusal(stackFile(defaults.replace(`tolerations: [${toleration}], `, "")));
    assert.ok(
      tolerates.includes(
        "services.redis.tolerations: the pod would no longer tolerate the taint dedicated=storage:NoSchedule of node " +
          "local, and claim redis-data has its volume on node local",
      ),
      tolerates,
    );
    await file.write(stackFile(defaults));
    assert.deepEqual(await uids(), before);
  });

  it("PostgreSQL takes a quarter of its limit, and what ALTER SYSTEM says before that", async function () {
    this.timeout(180_000);
    const sql = (text: string) => run(postgres, `psql -X -At -U postgres -c "${text}"`);
    assert.deepEqual([await sql("show shared_buffers"), await sql("show effective_cache_size")], ["256MB", "768MB"]);
    await sql("alter system set shared_buffers = '64MB'");
    await cluster().kube.core.deleteNamespacedPod({ namespace: postgres.namespace, name: "postgres-0" });
    assert.deepEqual([await sql("show shared_buffers"), await sql("show effective_cache_size")], ["64MB", "768MB"]);
  });

  it("Redis refuses writes before the kernel ends it, and has its data after a restart", async function () {
    this.timeout(180_000);
    assert.deepEqual([await ask("maxmemory"), await ask("maxmemory-policy")], ["80530636", "noeviction"]);
    // In small parts: all that one script writes is kept for the log until it ends.
    const part = "for i = 1, 200 do redis.call('set', 'fill:' .. ARGV[1] .. ':' .. i, string.rep('x', 10000)) end";
    const fill =
      `n=0; until redis-cli eval "${part}" 0 $n 2>&1 | grep OOM; do n=$((n + 1)); done; ` + "redis-cli set more x";
    assert.match(await run(redis, fill), /OOM command not allowed[^]*OOM command not allowed/);
    const keys = Number(await run(redis, "redis-cli dbsize"));
    assert.ok(keys > 5000, `${keys} keys`);
    await run(redis, "redis-cli bgrewriteaof; sleep 2; redis-cli waitaof 1 0 5000");
    const before = await pod(redis);
    assert.deepEqual(
      before.status?.containerStatuses?.map(({ restartCount }) => restartCount),
      [0],
    );
    await cluster().kube.core.deleteNamespacedPod({ namespace: redis.namespace, name: before.metadata!.name! });
    assert.equal(Number(await run(redis, "redis-cli dbsize")), keys);
    assert.equal(await ask("maxmemory"), "80530636");
    assert.equal(
      await run(redis, "redis-cli strlen fill:0:1; redis-cli flushall; redis-cli set more x"),
      "10000\nOK\nOK",
    );
  });

  it("go with a move, whose pods run on that node too", async function () {
    this.timeout(300_000);
    await run(redis, "redis-cli set kept by-the-move");
    const { exitCode, printed } = await file.run("move", "redis", "--to", "fast", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.equal(await run(redis, "redis-cli get kept"), "by-the-move");
    assert.deepEqual((await pod(redis)).spec?.nodeSelector, { disk: "fast" });
  });
});

/** What a refused deployment says. */
function refusalOf(error: unknown): string {
  assert.ok(error instanceof Error, "the update was not refused");
  return error.message;
}
