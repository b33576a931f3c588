import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { provisionerRights } from "../../backends/local-path/rights";
import { connect, errorCode } from "../../kube/client";
import { checkout } from "../../ops/pulumi/project";
import { ops } from "./cli";
import { remove, accountsKubeconfig, writeStack } from "./doctored";
import { instance, useDeployedStack } from "./fixture";
import { preflightGround, type Report, refuses, escalate } from "./preflight-ground";

describe("preflight of rights", () => {
  const cluster = useDeployedStack();
  const { troubles } = preflightGround();
  let stacks: string;
  before(async () => {
    stacks = await mkdtemp(join(tmpdir(), "preflight-"));
  });
  after(() => rm(stacks, { recursive: true }));

  const ofStack = (name: string, ...args: string[]) =>
    ops(["preflight", "--stack", name, ...args], { CLUSTER_STORAGE_STACKS: stacks });

  it("says which rights are missing, and what may not be looked at for want of them", async () => {
    const file = join(stacks, "viewer");
    const made = await accountsKubeconfig(cluster().kube, file);
    await writeStack(stacks, "viewer", file, {
      backends: { disk: { type: "local-path", path: "/opt/volumes", default: true } },
      services: { redis: { size: "1Gi" } },
    });
    try {
      const { exitCode, stdout } = await ofStack("viewer", "--json");
      assert.equal(exitCode, 1);
      const rights = (JSON.parse(stdout) as Report).results.filter(({ id }) => id === "rights");
      assert.deepEqual(rights, [
        {
          group: "cluster",
          id: "rights",
          level: "error",
          title:
            "rights are missing: create/patch/delete namespaces, anything with storageclasses.storage.k8s.io, " +
            "anything with clusterroles.rbac.authorization.k8s.io, anything with " +
            "clusterrolebindings.rbac.authorization.k8s.io and 12 more",
          wayOut:
            `have them granted (kubectl --context cluster-storage-${instance} auth can-i create namespaces ` +
            "tells), or name another context in cluster-storage:cluster.context",
        },
        {
          group: "cluster",
          id: "rights",
          level: "error",
          title:
            `${refuses} get/list/watch nodes, update persistentvolumeclaims, anything with persistentvolumes, ` +
            "create/patch events and 2 more, for backend disk",
          wayOut: escalate,
        },
      ]);
      assert.ok(
        troubles(stdout).includes("skipped cluster-nodes: nodes may not be listed with this context's credentials"),
      );
    } finally {
      await remove(cluster().kube, made);
    }
  });

  it(
    "says which roles the API server wouldn't take from an account, and has nothing against the one of " +
      "docs/ci-account.yaml",
    async () => {
      const { kube } = cluster();
      const manifest = parseAllDocuments(await readFile(join(checkout, "docs/ci-account.yaml"), "utf8")).map(
        (document) => document.toJS() as { kind: string; rules?: { verbs: string[] }[] },
      );
      const rules = manifest.find(({ kind }) => kind === "ClusterRole")!.rules!;
      const bound = rules.map((rule) => ({
        ...rule,
        verbs: rule.verbs.filter((verb) => verb !== "escalate" && verb !== "bind"),
      }));
      const role = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "disk-provisioner" },
        rules: provisionerRights.cluster,
      };
      const refusal = {
        group: "cluster",
        id: "rights",
        level: "error",
        title:
          `${refuses} create/patch events, create/delete pods in disk-storage and get pods/log in disk-storage, ` +
          "for backend disk",
        wayOut: escalate,
      };
      const fine = {
        group: "cluster",
        id: "rights",
        level: "ok",
        title: "the context's credentials may do all that an update does",
      };
      for (const [name, rights, says, status] of [
        ["bound", bound, refusal, 403],
        ["documented", rules, fine, undefined],
      ] as const) {
        const file = join(stacks, name);
        const made = await accountsKubeconfig(kube, file, [...rights]);
        await writeStack(stacks, name, file, {
          backends: { disk: { type: "local-path", path: "/opt/volumes", default: true } },
          services: { redis: { size: "1Gi" } },
        });
        try {
          const { stdout } = await ofStack(name, "--json");
          assert.deepEqual(
            (JSON.parse(stdout) as Report).results.filter(({ id }) => id === "rights"),
            [says],
          );
          const taken = await connect(undefined, file)
            .objects.create(role, undefined, "All")
            .then(() => undefined, errorCode);
          assert.equal(taken, status);
        } finally {
          await remove(kube, made);
        }
      }
    },
  );
});
