import type { V1Pod } from "@kubernetes/client-node";
import { errorCode } from "../../../kube/client";
import { execInPod } from "../../../kube/exec";
import { waitForReadyPod } from "../../../kube/pods";
import type { Cluster } from "../fixture";
import { until } from "../state";
import type { Subject } from "./subjects";

/** What a writer was told is written: the numbers, with the milliseconds of their answers. */
export type Acknowledged = Map<number, number>;

/** A pod beside a service that writes one number after the other, and says which were acknowledged. */
export class Writer {
  /** Numbers that went with a volume that the service was taken off on purpose. */
  private readonly leftBehind = new Set<number>();

  constructor(
    private readonly cluster: Cluster,
    private readonly subject: Subject,
  ) {}

  private get at() {
    return { name: `writer-${this.subject.name}`, namespace: this.subject.ref.namespace };
  }

  async start(): Promise<void> {
    const { kube } = this.cluster;
    const pod = await waitForReadyPod(kube, this.subject.ref, 180_000);
    await this.run(this.subject.prepare);
    await this.run(this.subject.fill);
    await this.stop();
    await kube.core.createNamespacedPod({
      namespace: this.at.namespace,
      body: this.pod(pod.spec!.containers[0]!.image!),
    });
    await this.acknowledgedAfter(0);
  }

  async stop(): Promise<void> {
    const { core } = this.cluster.kube;
    await core.deleteNamespacedPod({ ...this.at, gracePeriodSeconds: 0 }).catch((error) => {
      if (errorCode(error) !== 404) throw error;
    });
    await until("the writer is gone", () =>
      core.readNamespacedPod(this.at).then(
        () => false,
        (error) => errorCode(error) === 404,
      ),
    );
  }

  async acknowledged(): Promise<Acknowledged> {
    const log = await this.cluster.kube.core.readNamespacedPodLog({ ...this.at, timestamps: true });
    const lines = [...(log ?? "").matchAll(/^(\S+) acknowledged (\d+)$/gm)];
    return new Map(lines.map(([, time = "", number]) => [Number(number), Date.parse(time)]));
  }

  /**
   * Waits for a write that is acknowledged after that time: the service works again. Returns how long it took, in ms.
   */
  async acknowledgedAfter(time: number, seconds = 180): Promise<number> {
    const begun = Date.now();
    // A container that is still being made has no log yet.
    const answered = () =>
      this.acknowledged().then(
        (all) => [...all.values()].some((at) => at > time),
        () => false,
      );
    await until(`${this.subject.name} acknowledges a write`, answered, seconds);
    return Date.now() - begun;
  }

  /** Acknowledged numbers that the service no longer has. */
  async lost(): Promise<number[]> {
    const acknowledged = await this.acknowledged();
    const stored = await this.stored();
    return [...acknowledged.keys()].filter((number) => !stored.has(number) && !this.leftBehind.has(number));
  }

  /** What the service has. */
  async stored(): Promise<Set<number>> {
    return new Set((await this.run(this.subject.read)).split("\n").map(Number));
  }

  /** From now on these are no loss. */
  leaveBehind(numbers: Iterable<number>): void {
    for (const number of numbers) this.leftBehind.add(number);
  }

  private async run(script: string): Promise<string> {
    const { kube } = this.cluster;
    const { ref, name } = this.subject;
    const pod = await waitForReadyPod(kube, ref, 180_000);
    const { exitCode, stdout, stderr } = await execInPod(
      kube,
      ref.namespace,
      pod.metadata!.name!,
      name,
      ["sh", "-c", script],
      { timeout: 120_000 },
    );
    if (exitCode !== 0) throw new Error(`${name}: ${script.slice(0, 60)} …: ${stderr}`);
    return stdout.trim();
  }

  private pod(image: string): V1Pod {
    const { name, write, env } = this.subject;
    const loop =
      `i=0; while true; do i=$((i + 1)); test "$(${write})" = 1 && echo "acknowledged $i"; sleep ` +
      "0.05; done " +
      "2>/dev/null";
    const security = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    const variables = env.map(({ name: key, value, secretKey }) =>
      secretKey ? { name: key, valueFrom: { secretKeyRef: { name, key: secretKey } } } : { name: key, value },
    );
    return {
      metadata: { ...this.at, labels: { app: this.at.name } },
      spec: {
        restartPolicy: "Never",
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
            name: "writer",
            image,
            imagePullPolicy: "IfNotPresent",
            command: ["sh", "-c", loop],
            env: variables,
            securityContext: security,
          },
        ],
      },
    };
  }
}

/** The longest time between two acknowledged writes since `from`, in ms: how long the service was away. */
export function longestGap(acknowledged: Acknowledged, from: number): number {
  const times = [...acknowledged.values()].sort((a, b) => a - b);
  const gaps = times.map((time, i) => (i > 0 && time >= from ? time - times[i - 1]! : 0));
  return Math.max(0, ...gaps);
}
