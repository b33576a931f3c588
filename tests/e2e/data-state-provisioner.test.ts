import assert from "node:assert/strict";
import { lookAtData } from "../../ops/data/look";
import { ops, pulumiWith } from "./cli";
import { instance, useDeployedStack } from "./fixture";

const own = { CLUSTER_STORAGE_INSTANCE: instance };

describe("a provisioner that somebody deleted", () => {
  const cluster = useDeployedStack();
  const kube = () => cluster().kube;
  const namespace = "local-ai-system";
  const at = { namespace: "local-path-storage", name: "local-path-provisioner" };

  it("is found by preflight, and is the reason that a claim waits for", async () => {
    await kube().apps.deleteNamespacedDeployment(at);
    const { printed } = await ops(["preflight"], own);
    assert.match(
      printed,
      /nothing makes volumes of class local-path: no Deployment runs the provisioner rancher\.io\/local-path, so a/,
    );
    const body = {
      metadata: { name: "waits" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
    };
    await kube().core.createNamespacedPersistentVolumeClaim({ namespace, body });
    const { pending } = await lookAtData(kube(), namespace);
    await kube().core.deleteNamespacedPersistentVolumeClaim({ namespace, name: "waits" });
    assert.deepEqual(
      [...pending],
      [
        [
          "local-ai-system/waits",
          'nothing makes volumes of class "local-path": no Deployment runs the provisioner rancher.io/local-path',
        ],
      ],
    );
  });

  it("is made again after adopt has made the state forget it", async function () {
    this.timeout(300_000);
    const { exitCode, printed } = await ops(["adopt", "--yes"], own);
    assert.equal(exitCode, 0, printed);
    assert.match(printed, /^Deployment local-path-storage\/local-path-provisioner is dropped from the state$/m);
    const { exitCode: ended, printed: last } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
    assert.equal(ended, 0, last);
    assert.equal((await kube().apps.readNamespacedDeployment(at)).status?.readyReplicas, 1);
  });
});
