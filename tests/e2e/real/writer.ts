import type { V1Pod } from "@kubernetes/client-node";
import { moverSchema } from "../../../config/sections";
import type { Cluster } from "../fixture";
import { until } from "../state";
import { writing, type Interface } from "./client";

/** A pod that writes to a service over its own interface, in a namespace that no service has. */
export class InterfaceWriter {
  private readonly at: { name: string; namespace: string };

  constructor(
    private readonly cluster: Cluster,
    private readonly service: Interface,
  ) {
    this.at = { name: `writer-${service.name}`, namespace: "default" };
  }

  /** Returns once the service has acknowledged so many writes. */
  async start(writes: number): Promise<void> {
    await this.cluster.kube.core.createNamespacedPod({ namespace: this.at.namespace, body: this.pod() });
    await this.acknowledgedMore(writes);
  }

  /** Waits until the service has acknowledged so many writes beyond those that it has now. */
  async acknowledgedMore(writes: number): Promise<void> {
    const before = (await this.acknowledged()).length;
    let log = "";
    await until(
      `${this.service.name} acknowledges writes`,
      async () => (await this.acknowledged((log = await this.log()))).length >= before + writes,
      400,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; the writer says: ${log.split("\n").slice(-3).join("; ")}`);
    });
  }

  /** The numbers that the service has acknowledged so far. */
  async acknowledged(log?: string): Promise<number[]> {
    const lines = (log ?? (await this.log())).matchAll(/^acknowledged (\d+)$/gm);
    return [...lines].map(([, number]) => Number(number));
  }

  /** Ends the writing; returns what was acknowledged. */
  async stop(): Promise<number[]> {
    const acknowledged = await this.acknowledged();
    await this.cluster.kube.core.deleteNamespacedPod({ ...this.at, gracePeriodSeconds: 0 }).catch(() => undefined);
    return acknowledged;
  }

  private async log(): Promise<string> {
    return (await this.cluster.kube.core.readNamespacedPodLog(this.at).catch(() => "")) ?? "";
  }

  private pod(): V1Pod {
    const { image } = moverSchema.parse(this.cluster.overrides["cluster-storage:mover"] ?? {});
    const container = { name: "writer", image, command: ["node", "-e", writing(this.service)] };
    const spec = { restartPolicy: "Never", enableServiceLinks: false, terminationGracePeriodSeconds: 0 };
    return { metadata: this.at, spec: { ...spec, containers: [container] } };
  }
}
