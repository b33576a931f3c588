// Stands for the API server in the comparison of backups, with a service's pod: a process of its own, as there. It
// prints its address, and ends with its input. Its argument is a directory, whose `emptyDir` is the service's volume.
import { FakeCluster } from "../../tests/mover/fake-cluster";
import { wholeFrames } from "../../tests/mover/fake-exec";

async function main(root: string): Promise<void> {
  const cluster = new FakeCluster(root);
  cluster.frames = wholeFrames;
  const url = await cluster.start();
  const containers = [{ name: "files", volumeMounts: [{ name: "data", mountPath: "/data" }] }];
  const labels = { app: "files", "app.kubernetes.io/managed-by": "pulumi" };
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
  const template = { metadata: { labels }, spec: { containers, volumes } };
  cluster.put("/api/v1/namespaces/bench/persistentvolumeclaims/data", { metadata: { namespace: "bench" } });
  cluster.put("/apis/apps/v1/namespaces/bench/deployments/files", {
    metadata: { namespace: "bench" },
    spec: { replicas: 1, selector: { matchLabels: { app: "files" } }, template },
  });
  process.stdout.write(`${url}\n`);
  process.stdin.resume().once("end", () => cluster.stop());
}

void main(process.argv[2] ?? "");
