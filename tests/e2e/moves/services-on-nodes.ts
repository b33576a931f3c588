import assert from "node:assert/strict";
import { waitForReadyPod } from "../../../kube/pods";
import type { Cluster } from "../fixture";
import { subjects, type Subject } from "./subjects";
import { Writer } from "./writer";

/** Redis, which has a claim, and Taskflow's database, whose claim is of a template. */
export const [redis, database] = ["redis", "taskflow-db"].map((wanted) =>
  subjects.find(({ name }) => name === wanted)!,
) as [Subject, Subject];
export const both = [redis, database];

/** The stack file. `nodes`: a key of local-path with its comma, or nothing. */
export const stackFile = (nodes: string) => `config:
  pulumi:autonaming: { mode: disabled }
  pulumi:disable-default-providers: [kubernetes]
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/local-path-provisioner, ${nodes}default: true, reclaimPolicy: Delete }
  cluster-storage:services:
    redis: { size: 1Gi, class: local-path }
    taskflow-db: { size: 1Gi, class: local-path }
`;

/** Both services under writers. */
export class ServicesOnNodes {
  private readonly writers = new Map<Subject, Writer>();

  constructor(private readonly cluster: Cluster) {}

  async start(): Promise<void> {
    for (const subject of both) {
      const writer = new Writer(this.cluster, subject);
      this.writers.set(subject, writer);
      await writer.start();
    }
  }

  async stop(): Promise<void> {
    for (const writer of this.writers.values()) await writer.stop();
  }

  /** Each service's pod; the same ones later mean that none was stopped. */
  uids(): Promise<(string | undefined)[]> {
    return Promise.all(
      both.map(async ({ ref }) => (await waitForReadyPod(this.cluster.kube, ref, 180_000)).metadata?.uid),
    );
  }

  /** Each service acknowledges writes from now on. */
  async goOn(): Promise<void> {
    for (const writer of this.writers.values()) await writer.acknowledgedAfter(Date.now());
  }

  async assertNothingLost(): Promise<void> {
    for (const writer of this.writers.values()) {
      await writer.acknowledgedAfter(Date.now());
      assert.deepEqual(await writer.lost(), []);
    }
  }
}
