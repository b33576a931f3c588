import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ifFound } from "../../../kube/client";
import { execInPod } from "../../../kube/exec";
import type { Cluster } from "../fixture";
import { second } from "../second-node";
import { until } from "../state";
import type { TwoNodes } from "./two-nodes";

/**
 * Has a claim that names the second node, and a pod that writes to it: the volume is there, the pod runs there, and its
 * log and commands can be read. Removes both, and the volume with them.
 */
export async function assertVolumeOnSecond(cluster: Cluster, nodes: TwoNodes): Promise<void> {
  const { kube, overrides } = cluster;
  const at = { name: "of-the-second", namespace: "default" };
  const { image } = overrides["cluster-storage:mover"] as { image: string };
  await kube.core.createNamespacedPersistentVolumeClaim({
    namespace: at.namespace,
    body: {
      metadata: { ...at, annotations: { "volume.kubernetes.io/selected-node": second } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "local-path",
        resources: { requests: { storage: "1Mi" } },
      },
    },
  });
  await kube.core.createNamespacedPod({
    namespace: at.namespace,
    body: {
      metadata: at,
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "one",
            image,
            command: [
              "node",
              "-e",
              'require("fs").writeFileSync("/data/file", "written"); console.log("wrote it"); ' +
                "setInterval(() => 0, 1e9)",
            ],
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: at.name } }],
      },
    },
  });
  await until("the pod says that it wrote", async () =>
    (await kube.core.readNamespacedPodLog(at).catch(() => ""))?.includes("wrote it"),
  );
  assert.equal((await kube.core.readNamespacedPod(at)).spec?.nodeName, second);
  assert.equal(await nodes.nodeOf(at.namespace, at.name), second);
  const [directory, ...others] = readdirSync(nodes.there);
  assert.equal(readFileSync(join(nodes.there, directory!, "file"), "utf8"), "written");
  assert.deepEqual(others, []);
  assert.equal((await execInPod(kube, at.namespace, at.name, "one", ["cat", "/data/file"])).stdout, "written");
  await ifFound(kube.core.deleteNamespacedPod(at));
  await ifFound(kube.core.deleteNamespacedPersistentVolumeClaim(at));
  await until("its directory is gone", async () => readdirSync(nodes.there).length === 0);
}
