import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { runPod } from "../../ops/pods/run-pod";
import type { Cluster } from "./fixture";
import { until } from "./state";

export const namespace = "backup-target";
const name = "rest";
export const password = "the-password-of-the-repository";
export const address = `http://${name}.${namespace}.svc.cluster.local:8080/cluster`;
/** Where what is in the same repository can be removed. */
export const pruneAddress = `http://${name}.${namespace}.svc.cluster.local:8081/cluster`;

const container = { imagePullPolicy: "IfNotPresent" };

/**
 * A server of restic's protocol in the cluster, beside the stack. Points can be added to it and not be taken away, but
 * at an address of its own.
 */
export class BackupTarget {
  constructor(
    private readonly cluster: Cluster,
    /** rclone's image, and restic's. */
    private readonly images: { rclone: string; restic: string },
  ) {}

  async start(): Promise<void> {
    const { core } = this.cluster.kube;
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await core.createNamespacedService({
      namespace,
      body: {
        metadata: { name },
        spec: { selector: { app: name }, ports: [8080, 8081].map((port) => ({ name: `p${port}`, port })) },
      },
    });
    const image = this.images.rclone;
    const volumeMounts = [{ name: "data", mountPath: "/data" }];
    const serve = (port: number, ...more: string[]) => ["serve", "restic", "--addr", `:${port}`, ...more, "/data"];
    await this.create(name, {
      containers: [
        { ...container, name, image, args: serve(8080, "--append-only"), volumeMounts },
        { ...container, name: "prune", image, args: serve(8081), volumeMounts },
      ],
      volumes: [{ name: "data", emptyDir: {} }],
    });
    await until("the repository's server runs", async () => {
      const { status } = await core.readNamespacedPod({ name, namespace });
      return status?.phase === "Running";
    });
  }

  async remove(): Promise<void> {
    await this.cluster.kube.core.deleteNamespace({ name: namespace }).catch(() => undefined);
  }

  /** What a shell prints that has restic for the repository. It fails where the script does. */
  async shell(script: string): Promise<string> {
    const { core } = this.cluster.kube;
    const env = Object.entries({ RESTIC_REPOSITORY: `rest:${address}`, RESTIC_PASSWORD: password, HOME: "/tmp" });
    const body = this.pod(`read-${Date.now()}`, {
      restartPolicy: "Never",
      containers: [
        {
          ...container,
          name: "restic",
          image: this.images.restic,
          command: ["sh", "-ec", script],
          env: env.map(([key, value]) => ({ name: key, value })),
        },
      ],
    });
    const ran = await runPod(this.cluster.kube, namespace, body, 120_000);
    const printed = await core.readNamespacedPodLog({ name: ran.name, namespace });
    if (ran.trouble !== undefined) throw new Error(`${ran.trouble}: ${printed}`);
    return printed;
  }

  private create = (podName: string, spec: V1PodSpec) =>
    this.cluster.kube.core.createNamespacedPod({ namespace, body: this.pod(podName, spec) });

  private pod = (podName: string, spec: V1PodSpec): V1Pod => ({
    metadata: { name: podName, labels: { app: podName } },
    spec: { ...spec, enableServiceLinks: false },
  });
}
