import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { V1PersistentVolume } from "@kubernetes/client-node";
import { ifFound } from "../../ops/kube/client";
import { execInPod } from "../../ops/kube/exec";
import { useCluster } from "./fixture";
import { OwnStackFile } from "./own-stack-file";
import { addSecondNode, removeSecondNode, second } from "./second-node";
import { removeStack, until } from "./state";

const nodeOf = ({ spec }: V1PersistentVolume) => spec?.nodeAffinity?.required?.nodeSelectorTerms.flatMap(({ matchExpressions }) => matchExpressions?.flatMap(({ values }) => values ?? []) ?? []).join();

/** Redis, which has a claim, and Taskflow's database, whose claim is of a template. */
const stackFile = (nodes: string) => `config:
  pulumi:autonaming: { mode: disabled }
  pulumi:disable-default-providers: [kubernetes]
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/local-path-provisioner, ${nodes}default: true, reclaimPolicy: Delete }
  cluster-storage:services:
    redis: { size: 1Gi, class: local-path }
    taskflow-db: { size: 1Gi, class: local-path }
`;

/** A second kubelet on the instance, whose volumes are in another directory. */
describe("a cluster of two nodes", () => {
  const cluster = useCluster();
  const there = () => join(cluster().volumes, second);
  let file: OwnStackFile;

  before("services on the one node, and then another node", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    file = await OwnStackFile.write(stackFile(""));
    await file.deploy();
    await addSecondNode(cluster().kube);
    await file.write(stackFile(`nodes: { ${second}: [${there()}] }, `));
    await file.deploy();
  });
  after(async function () {
    this.timeout(300_000);
    if (!file) return;
    await removeStack(cluster());
    await removeSecondNode(cluster().kube);
    await file.remove();
  });

  it("makes a claim's volume on the node that the claim names, and its pod's log and commands are had from there", async () => {
    const { kube, overrides } = cluster();
    const at = { name: "of-the-second", namespace: "default" };
    const { image } = overrides["cluster-storage:mover"] as { image: string };
    await kube.core.createNamespacedPersistentVolumeClaim({ namespace: at.namespace, body: {
      metadata: { ...at, annotations: { "volume.kubernetes.io/selected-node": second } },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "local-path", resources: { requests: { storage: "1Mi" } } },
    } });
    await kube.core.createNamespacedPod({ namespace: at.namespace, body: { metadata: at, spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "one", image, command: ["node", "-e", 'require("fs").writeFileSync("/data/file", "written"); console.log("wrote it"); setInterval(() => 0, 1e9)'], volumeMounts: [{ name: "data", mountPath: "/data" }] }],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: at.name } }],
    } } });
    try {
      await until("the pod says that it wrote", async () => (await kube.core.readNamespacedPodLog(at).catch(() => ""))?.includes("wrote it"));
      assert.equal((await kube.core.readNamespacedPod(at)).spec?.nodeName, second);
      const volume = (await kube.core.readNamespacedPersistentVolumeClaim(at)).spec!.volumeName!;
      assert.equal(nodeOf(await kube.core.readPersistentVolume({ name: volume })), second);
      const [directory, ...others] = readdirSync(there());
      assert.equal(readFileSync(join(there(), directory!, "file"), "utf8"), "written");
      assert.deepEqual(others, []);
      assert.equal((await execInPod(kube, at.namespace, at.name, "one", ["cat", "/data/file"])).stdout, "written");
    } finally {
      await ifFound(kube.core.deleteNamespacedPod(at));
      await ifFound(kube.core.deleteNamespacedPersistentVolumeClaim(at));
    }
  });
});
