import assert from "node:assert/strict";
import type { V1StatefulSet } from "@kubernetes/client-node";
import { execa } from "execa";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import { join } from "node:path";
import { ifFound } from "../../kube/client";
import type { Move } from "../../model/mover";
import { manifestOf } from "../../mover/orchestrate/workload";
import { foreignFields } from "../../ops/recover/kept-set";
import { exportState } from "../../ops/pulumi/stack";
import { aMove } from "../mover/a-move";
import { ops } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { addPending, creating } from "./pending";
import { until } from "./state";

const own = { CLUSTER_STORAGE_INSTANCE: instance };
const namespace = "taskflow";
const set = "taskflow-db";
const target = `postgres-data-2-${set}-0`;
const note = "cluster-storage/workload";
const move = aMove({
  job: "taskflow-db-1-to-2",
  service: set,
  owner: "cluster-storage/dev",
  namespace,
  workload: { kind: "StatefulSet", name: set },
  template: { from: "postgres-data", to: "postgres-data-2" },
  source: { claim: `postgres-data-${set}-0`, generation: 1 },
  target: { claim: target, generation: 2 },
});

const jobOf = (of: Move) =>
  creating("kubernetes:batch/v1:Job", of.job, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: of.job, namespace },
    spec: {
      template: { spec: { containers: [{ name: "move", env: [{ name: "MOVE", value: JSON.stringify(of) }] }] } },
    },
  });

describe("recover, on a deployed stack", () => {
  const cluster = useDeployedStack();
  const recover = () => ops(["recover"], own);
  const readSet = () => ifFound(cluster().kube.apps.readNamespacedStatefulSet({ namespace, name: set }));

  describe("after a kill between the deletion of a StatefulSet and its making", () => {
    let manifest: object;

    before("the claim that the move would fill", async () => {
      await cluster().kube.core.createNamespacedPersistentVolumeClaim({
        namespace,
        body: {
          metadata: { name: target, annotations: { "cluster-storage/stack": "cluster-storage/dev" } },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      });
    });
    after(async () => {
      await ifFound(cluster().kube.core.deleteNamespacedPersistentVolumeClaim({ namespace, name: target }));
    });
    const keep = (kept: object) =>
      cluster().kube.core.patchNamespacedPersistentVolumeClaim({
        namespace,
        name: target,
        body: [{ op: "add", path: `/metadata/annotations/${note.replace("/", "~1")}`, value: JSON.stringify(kept) }],
      });

    it("what the mover keeps of the StatefulSet is what the stack declares", async () => {
      const live = (await readSet())!;
      manifest = JSON.parse(JSON.stringify(manifestOf(live as never))) as object;
      const { deployment } = await exportState(cluster().target.stack);
      const declared = deployment.resources?.find(({ urn }) => urn.endsWith(`:StatefulSet::${set}`));
      assert.deepEqual(foreignFields(manifest, declared?.inputs as unknown as V1StatefulSet, move), []);
    });

    it("makes nothing of somebody else's manifest, and names what is in it", async () => {
      const binding = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "theirs" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
      };
      await keep(binding);
      await cluster().kube.apps.deleteNamespacedStatefulSet({ namespace, name: set, propagationPolicy: "Orphan" });
      await until("the set is away", async () => !(await readSet()), 30);
      await addPending(cluster(), [jobOf(move)]);
      const { exitCode, stderr } = await recover();
      assert.equal(exitCode, 1);
      assert.equal(
        stderr.trim(),
        `StatefulSet ${namespace}/${set} was taken down by the move ${move.job}, and the manifest that claim ` +
          `${target} keeps of it is not what the stack declares (apiVersion, kind, roleRef.apiGroup and 33 more): ` +
          "nothing was made from " +
          `it. Find out who wrote it, remove it (kubectl -n ${namespace} annotate persistentvolumeclaim ${target} ` +
          `${note}-), and run npm run recover again: it makes the StatefulSet as the stack declares it.\n` +
          "The state was not changed.",
      );
      const found = cluster().kube.objects.read({ ...binding, metadata: { name: "theirs", namespace: "" } });
      assert.equal(await ifFound(found), undefined);
      assert.equal(await readSet(), undefined);
    });

    it("makes the StatefulSet again that the move took down", async () => {
      await keep(manifest);
      const { exitCode, printed } = await recover();
      assert.equal(exitCode, 0, printed);
      assert.ok(
        printed.startsWith(`StatefulSet ${set} was taken down by the move ${move.job}: made again as it was\n`),
        printed,
      );
      await until("the set is ready", async () => (await readSet())?.status?.readyReplicas === 1, 60);
    });
  });

  describe("while a plugin outlives its CLI", () => {
    let directory: string;
    before(async () => (directory = await mkdtemp(join(os.tmpdir(), "plugin-"))));
    after(() => rm(directory, { recursive: true }));

    it("leaves the lock, and names the process; afterwards it frees the lock", async () => {
      const { stack } = cluster().target;
      const program = join(directory, "pulumi-resource-kubernetes");
      await copyFile((await execa("which", ["sleep"])).stdout, program);
      // The shell that starts it ends at once, as a CLI that is killed.
      const { stdout: pid } = await execa("sh", ["-c", '"$0" 120 >/dev/null 2>&1 & echo $!', program], {
        cwd: stack.program,
        env: { PULUMI_BACKEND_URL: stack.env.PULUMI_BACKEND_URL, PULUMI_PROJECT: stack.project },
      });
      const locks = join(stack.backend!, ".pulumi", "locks", "organization", stack.project, stack.name);
      await mkdir(locks, { recursive: true });
      const lock = { pid: 2 ** 22 - 1, username: "me", hostname: os.hostname(), timestamp: "2026-01-01T00:00:00Z" };
      await writeFile(join(locks, "cut-off.json"), JSON.stringify(lock));
      try {
        const { exitCode, stderr } = await recover();
        assert.equal(exitCode, 1);
        assert.equal(
          stderr.trim().replace(/since [\d:.TZ-]+/, "since T"),
          'stack "dev" is locked, nothing was changed: the Pulumi CLI is gone, but a plugin that it started still ' +
            `works in the cluster (pulumi-resource-kubernetes, process ${pid}, since T). What it makes now would be ` +
            `in no state. Wait until it has ended (up to 11 minutes), or end it: kill ${pid}. ` +
            `Then run npm run recover again`,
        );
        assert.deepEqual(await readdir(locks), ["cut-off.json"]);
      } finally {
        process.kill(Number(pid));
      }
      const { exitCode, printed } = await recover();
      assert.equal(exitCode, 0, printed);
      assert.match(printed, /^freed the lock of 2026-01-01T00:00:00.000Z: process 4194303 of this host is gone$/m);
      assert.deepEqual(await readdir(locks), []);
    });
  });
});
