import type { V1Pod } from "@kubernetes/client-node";
import { execInPod } from "../../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../../kube/pods";
import { catalogue } from "../../../services/catalogue";
import { standInOf } from "../../../services/shared/local-image";
import type { Cluster } from "../fixture";
import { until } from "../state";
import type { Acknowledged } from "./writer";

/** Writes to each address one record after the other, over a new connection each, and says which were acknowledged. */
const program = `
const { request } = require("node:http");
const put = (address, i) => new Promise((resolve) => {
  const answered = (answer) => { answer.resume(); resolve(answer.statusCode === 200); };
  const sent = request(address + i, { method: "PUT", agent: false, timeout: 2000 }, answered);
  sent.on("timeout", () => sent.destroy()).on("error", () => resolve(false)).end(String(i));
});
const pause = () => new Promise((later) => setTimeout(later, 100));
for (const [name, address] of Object.entries(JSON.parse(process.env.ADDRESSES))) (async () => {
  for (let i = Number(process.env.FIRST); ; i++, await pause())
    if (await put(address, i)) console.log("acknowledged " + name + " " + i);
})();
`;

const standIn = (service: string) => standInOf(catalogue.get(service)!);

/** A pod that writes to stand-ins all at once, in a namespace that no service has. */
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
    await this.cluster.kube.core.createNamespacedPod({ namespace: this.at.namespace, body: this.pod() });
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
    await until(`${[...this.refs.keys()].join(", ")} acknowledge writes`, async () => {
      const now = await this.acknowledged();
      return [...before].every(([name, { size }]) => now.get(name)!.size >= size + writes);
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
    const { stdout } = await execInPod(this.cluster.kube, ref.namespace, pod.metadata!.name!, name, [
      "ls",
      `${standIn(name).data}/stand-in/records`,
    ]);
    return stdout.split("\n").map(Number);
  }

  private pod(): V1Pod {
    const { image } = this.cluster.overrides["cluster-storage:mover"] as { image: string };
    const addresses = [...this.refs].map(([name, { workload, namespace }]) => [
      name,
      `http://${workload}.${namespace}.svc:${standIn(name).http}/stand-in/records/`,
    ]);
    const env = [
      { name: "ADDRESSES", value: JSON.stringify(Object.fromEntries(addresses)) },
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
