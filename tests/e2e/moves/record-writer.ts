import type { V1Pod } from "@kubernetes/client-node";
import { execInPod } from "../../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../../kube/pods";
import type { Cluster } from "../fixture";
import { until } from "../state";
import { wayOf, type Way } from "./record-ways";
import type { Acknowledged } from "./writer";

/** Writes to each service one record after the other, over a new connection each, and says which were acknowledged. */
const program = `
const { request } = require("node:http");
const send = ({ method, url, headers, body }, number) => new Promise((resolve) => {
  const fill = (text) => text.replaceAll("{number}", number);
  const answered = (answer) => {
    let text = "";
    answer.on("data", (part) => (text += part)).on("error", () => resolve(false));
    answer.on("end", () => resolve(answer.statusCode < 300 && !text.includes('"errors":[{')));
  };
  const sent = request(fill(url), { method, headers, agent: false, timeout: 10000 }, answered);
  sent.on("timeout", () => sent.destroy()).on("error", () => resolve(false)).end(fill(body));
});
const pause = () => new Promise((later) => setTimeout(later, 100));
for (const [name, way] of Object.entries(JSON.parse(process.env.WAYS))) (async () => {
  for (let i = Number(process.env.FIRST); ; i++, await pause())
    if (await send(way, i)) console.log("acknowledged " + name + " " + i);
})();
`;

/** A pod that writes to services all at once, each by its own interface, in a namespace that no service has. */
export class RecordWriter {
  private readonly at: { name: string; namespace: string };
  private earlier = new Map<string, Acknowledged>();
  private next = 1;

  /** `refs`: the services, by name. */
  constructor(
    private readonly cluster: Cluster,
    name: string,
    private readonly refs: ReadonlyMap<string, WorkloadRef>,
  ) {
    this.at = { name: `writer-${name}`, namespace: "default" };
  }

  /** Returns once every service has acknowledged so many writes. */
  async start(writes = 1): Promise<void> {
    await this.cluster.kube.core.createNamespacedPod({
      namespace: this.at.namespace,
      body: this.pod(await this.ways()),
    });
    await this.acknowledgedMore(writes);
  }

  /** Ends the writing; what was acknowledged is remembered. */
  async stop(): Promise<void> {
    const { core } = this.cluster.kube;
    this.earlier = await this.acknowledged();
    this.next = Math.max(0, ...[...this.earlier.values()].flatMap((writes) => [...writes.keys()])) + 1000;
    await core.deleteNamespacedPod({ ...this.at, gracePeriodSeconds: 0 }).catch(() => undefined);
    await until("the writer is gone", () =>
      core.readNamespacedPod(this.at).then(
        () => false,
        () => true,
      ),
    );
  }

  /** By service, what it has acknowledged so far. */
  async acknowledged(): Promise<Map<string, Acknowledged>> {
    const log =
      (await this.cluster.kube.core.readNamespacedPodLog({ ...this.at, timestamps: true }).catch(() => "")) ?? "";
    const writes = new Map([...this.refs.keys()].map((name) => [name, new Map(this.earlier.get(name))]));
    for (const [, time = "", name = "", number] of log.matchAll(/^(\S+) acknowledged (\S+) (\d+)$/gm))
      writes.get(name)!.set(Number(number), Date.parse(time));
    return writes;
  }

  /** Waits until every service has acknowledged so many writes beyond those that it has now. */
  async acknowledgedMore(writes = 1): Promise<void> {
    const before = await this.acknowledged();
    let late = [...this.refs.keys()];
    const enough = async () => {
      const now = await this.acknowledged();
      late = late.filter((name) => now.get(name)!.size < before.get(name)!.size + writes);
      return late.length === 0;
    };
    await until("", enough, 300).catch(() => {
      throw new Error(`not within 300 s: ${late.join(", ")} acknowledges ${writes} writes`);
    });
  }

  /** Acknowledged numbers that a service no longer has, by its name. */
  async lost(): Promise<Record<string, number[]>> {
    const acknowledged = await this.acknowledged();
    const entries = await Promise.all(
      [...this.refs].map(async ([name, ref]) => {
        const stored = new Set(await this.stored(name, ref));
        return [name, [...acknowledged.get(name)!.keys()].filter((number) => !stored.has(number))] as const;
      }),
    );
    return Object.fromEntries(entries);
  }

  private async stored(name: string, ref: WorkloadRef): Promise<number[]> {
    const pod = await waitForReadyPod(this.cluster.kube, ref, 180_000);
    const { stdout } = await execInPod(
      this.cluster.kube,
      ref.namespace,
      pod.metadata!.name!,
      name,
      (await this.way(name, ref)).list,
    );
    return stdout.split("\n").map(Number);
  }

  private way(name: string, ref: WorkloadRef): Promise<Way> {
    return wayOf(name, ref, async (command) => {
      const pod = await waitForReadyPod(this.cluster.kube, ref, 180_000);
      const result = await execInPod(this.cluster.kube, ref.namespace, pod.metadata!.name!, name, command);
      if (result.exitCode !== 0 || result.stdout === "")
        throw new Error(`${name}: ${command.join(" ")}: ${result.stderr}`);
      return result.stdout;
    });
  }

  private async ways(): Promise<Record<string, Way["write"]>> {
    const all = [...this.refs].map(async ([name, ref]) => [name, (await this.way(name, ref)).write] as const);
    return Object.fromEntries(await Promise.all(all));
  }

  private pod(ways: Record<string, Way["write"]>): V1Pod {
    const { image } = this.cluster.overrides["cluster-storage:mover"] as { image: string };
    const env = [
      { name: "WAYS", value: JSON.stringify(ways) },
      { name: "FIRST", value: String(this.next) },
    ];
    const security = {
      runAsNonRoot: true,
      runAsUser: 65532,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    };
    return {
      metadata: { ...this.at },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "writer",
            image,
            imagePullPolicy: "IfNotPresent",
            command: ["node", "-e", program],
            env,
            securityContext: security,
          },
        ],
      },
    };
  }
}
