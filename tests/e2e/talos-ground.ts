import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ifFound } from "../../kube/client";
import { type Call, type FakeNode, FakeTalos, talosNode } from "../nodes/talos/fake";
import { marked } from "../secrets/marked";
import type { Ended } from "./cli";
import type { Cluster } from "./fixture";
import { PreparedStack } from "./prepared-stack";
import { removeStack, until } from "./state";
import { TalosNodes } from "./talos-nodes";

/** The nodes' addresses by name. */
export const nodes = { "talos-1": "10.99.0.11", "talos-2": "10.99.0.12", "talos-3": "10.99.0.13" };
export const addresses = Object.values(nodes);

/** Milliseconds for which a node is away while it is upgraded. */
const restart = 8000;

/** Three nodes that say that they run Talos, a talosctl that records, and a stack with a secret talosconfig. */
export class TalosGround {
  readonly secret = marked("talosconfig");
  /** What the runs have printed, what talosctl was called with, and the states that they left. */
  readonly printed: string[] = [];
  readonly calls: Call[] = [];
  readonly states: string[] = [];

  private constructor(
    private readonly cluster: Cluster,
    readonly fake: FakeTalos,
    private readonly inCluster: TalosNodes,
    readonly stack: PreparedStack,
  ) {}

  static async make(cluster: Cluster): Promise<TalosGround> {
    await removeStack(cluster);
    const inCluster = new TalosNodes(cluster.kube, nodes);
    await inCluster.add();
    const fake = new FakeTalos();
    for (const [name, address] of Object.entries(nodes)) fake.set(address, talosNode({ name }));
    const env = { FAKE_TALOS: fake.folder, BIN: fake.bin };
    const stack = await PreparedStack.make(cluster, Object.keys(nodes), env);
    const ground = new TalosGround(cluster, fake, inCluster, stack);
    await stack.setSecret("cluster-storage:nodeAccess.talos.config", `context: ${ground.secret}\n`);
    return ground;
  }

  async remove(): Promise<void> {
    await this.stack.remove();
    await this.inCluster.remove();
    this.fake.remove();
    await removeStack(this.cluster);
  }

  /** After a test: keeps what secrets are looked for in, and brings back what was away. */
  async settle(): Promise<void> {
    for (const address of addresses) this.change(address, { away: undefined, fail: undefined });
    this.keepCalls();
    this.states.push(await this.stack.state());
  }

  /** `wanted`: the section `cluster-storage:nodes`. */
  async up(wanted: object): Promise<Ended> {
    this.keepCalls();
    const ended = await this.stack.run({ "cluster-storage:nodes": wanted }, "up", "--yes", "--skip-preview");
    this.printed.push(ended.printed);
    return ended;
  }

  /**
   * The same, while each node that is upgraded is away for some seconds. `restarted`: the nodes in their order;
   * `together`: those that were upgraded while another one was away.
   */
  async upWatchingUpgrades(wanted: object): Promise<{ restarted: string[]; together: string[]; ended: Ended }> {
    const restarted: string[] = [];
    const together: string[] = [];
    let over = false;
    // The fake's upgrade of a node waits for the file of that node.
    writeFileSync(join(this.fake.folder, "restarts"), "");
    const running = this.up(wanted).finally(() => (over = true));
    await until(
      "the update has ended",
      async () => {
        const names = this.fake.changes().flatMap((argv) => (argv.includes("upgrade") ? [nameOf(argv)] : []));
        for (const name of names.slice(restarted.length)) {
          restarted.push(name);
          for (const other of Object.keys(nodes))
            if (other !== name && !(await this.inCluster.isReady(other)))
              together.push(`${name} while ${other} was away`);
          await this.inCluster.setReady(name, false);
          writeFileSync(join(this.fake.folder, `restarts-${nodes[name as keyof typeof nodes]}`), "");
          await delay(restart);
          await this.inCluster.setReady(name, true);
        }
        return over;
      },
      240,
    );
    return { restarted, together, ended: await running };
  }

  theClass() {
    const metadata = { name: "local-path" };
    return ifFound(this.cluster.kube.objects.read({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata }));
  }

  sizes = (name: string) => addresses.map((address) => this.fake.get(address).volumestatus[name]?.size);

  change(address: string, more: Partial<FakeNode>): void {
    this.fake.set(address, { ...this.fake.get(address), ...more });
  }

  private keepCalls(): void {
    this.calls.push(...this.fake.calls());
    this.fake.forget();
  }
}

const nameOf = (argv: string[]) =>
  Object.entries(nodes).find(([, address]) => argv[argv.indexOf("--nodes") + 1] === address)![0];

/** The arguments of every process of this machine. */
export const runningCommandLines = (): string[] =>
  globSync("/proc/[0-9]*/cmdline").flatMap((file) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return [];
    }
  });
