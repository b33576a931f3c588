import { errorCode, type Kube } from "../../kube/client";
import { until } from "./state";

/** Milliseconds between two signs of life: the cluster gives a node up after 50 s without one. */
const beat = 5000;

/** Nodes of the cluster behind which nothing runs: they say that they run Talos, and are Ready until it is said. */
export class TalosNodes {
  private readonly away = new Set<string>();
  private timer?: NodeJS.Timeout;

  /** `nodes`: addresses by name. */
  constructor(
    private readonly kube: Kube,
    private readonly nodes: Readonly<Record<string, string>>,
  ) {}

  async add(): Promise<void> {
    const names = Object.keys(this.nodes);
    for (const name of names) await this.kube.core.createNode({ body: { metadata: { name } } });
    for (const name of names) await this.write(name);
    this.timer = setInterval(
      () => void Promise.all(names.map((name) => this.write(name).catch(() => undefined))),
      beat,
    );
  }

  async setReady(name: string, ready: boolean): Promise<void> {
    if (ready) this.away.delete(name);
    else this.away.add(name);
    await this.write(name);
  }

  async isReady(name: string): Promise<boolean> {
    const { status } = await this.kube.core.readNode({ name });
    return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  }

  async remove(): Promise<void> {
    clearInterval(this.timer);
    for (const name of Object.keys(this.nodes))
      await this.kube.core.deleteNode({ name }).catch((error) => {
        if (errorCode(error) !== 404) throw error;
      });
  }

  private async write(name: string): Promise<void> {
    const { core } = this.kube;
    const local = (await core.readNode({ name: "local" })).status!;
    // The controllers write to a node as well.
    await until(
      `${name} has its status`,
      async () => {
        const body = await core.readNode({ name });
        const now = new Date();
        const status = {
          conditions: [
            {
              type: "Ready",
              status: this.away.has(name) ? "False" : "True",
              lastHeartbeatTime: now,
              lastTransitionTime: now,
            },
          ],
          nodeInfo: { ...local.nodeInfo!, osImage: "Talos (v1.13.0)" },
          addresses: [{ type: "InternalIP", address: this.nodes[name]! }],
        };
        return core
          .replaceNodeStatus({ name, body: { ...body, status } as never })
          .catch((error) => (errorCode(error) === 409 ? undefined : Promise.reject(error as Error)));
      },
      30,
    );
  }
}
