import type { V1Pod } from "@kubernetes/client-node";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import type { Cluster } from "./fixture";
import { until } from "./state";

/** A server, and how a client in another pod writes to it and reads all back. A script reads its password as a line. */
export interface Server {
  ref: WorkloadRef;
  /** The Secret's key. */
  key: string;
  prepare: string;
  /** `$1` is the number. It prints `1` where the server has acknowledged it. */
  write: string;
  /** Prints the numbers, a line each. */
  read: string;
}

const security = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** A client pod that writes number after number. When it is refused it reads its Secret again, as one that restarts. */
export class Client {
  /** Acknowledged numbers, with the ms of their answers. */
  readonly acknowledged = new Map<number, number>();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private password = "";

  constructor(
    private readonly cluster: Cluster,
    private readonly server: Server,
  ) {}

  private get at() {
    return { name: `client-${this.server.ref.workload}`, namespace: this.server.ref.namespace };
  }

  async start(): Promise<void> {
    const { kube } = this.cluster;
    const server = await waitForReadyPod(kube, this.server.ref, 120_000);
    await kube.core.createNamespacedPod({
      namespace: this.at.namespace,
      body: this.pod(server.spec!.containers[0]!.image!),
    });
    await until("the client runs", async () => {
      const { status } = await kube.core.readNamespacedPod(this.at);
      return status?.containerStatuses?.[0]?.state?.running !== undefined;
    });
    this.password = await this.secret();
    await this.run(this.server.prepare);
    this.running = this.write();
    await until("a first write is acknowledged", () => Promise.resolve(this.acknowledged.size > 0));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  async secret(): Promise<string> {
    const { namespace, workload: name } = this.server.ref;
    const { data } = await this.cluster.kube.core.readNamespacedSecret({ namespace, name });
    return Buffer.from(data?.[this.server.key] ?? "", "base64").toString("utf8");
  }

  /** Acknowledged numbers that the server doesn't have. */
  async lost(): Promise<number[]> {
    this.password = await this.secret();
    const stored = new Set((await this.run(this.server.read)).split("\n").map(Number));
    return [...this.acknowledged.keys()].filter((number) => !stored.has(number));
  }

  /** When the last write was acknowledged, in ms. */
  last(): number {
    return Math.max(0, ...this.acknowledged.values());
  }

  /** The longest time between two acknowledged writes since `from`, in ms. */
  longestGap(from: number): number {
    const times = [...this.acknowledged.values()].sort((a, b) => a - b);
    return Math.max(0, ...times.map((time, i) => (i > 0 && time >= from ? time - times[i - 1]! : 0)));
  }

  private async write(): Promise<void> {
    for (let number = 1; !this.stopped; number++) {
      const answer = await this.run(this.server.write, String(number)).catch(() => "");
      if (answer === "1") this.acknowledged.set(number, Date.now());
      else this.password = await this.secret().catch(() => this.password);
    }
  }

  private async run(script: string, ...args: string[]): Promise<string> {
    const command = ["sh", "-c", script, "client", ...args];
    const { kube } = this.cluster;
    const options = { input: `${this.password}\n` };
    const { exitCode, stdout, stderr } = await execInPod(
      kube,
      this.at.namespace,
      this.at.name,
      "client",
      command,
      options,
    );
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  private pod(image: string): V1Pod {
    return {
      metadata: { ...this.at, labels: { app: this.at.name } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 0,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "client",
            image,
            imagePullPolicy: "IfNotPresent",
            command: ["sleep", "3600"],
            securityContext: security,
          },
        ],
      },
    };
  }
}
