import assert from "node:assert/strict";
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { cleanupTrouble, type CleanupObjects } from "../../../ops/status/cleanup";
import { statusTable } from "../../../ops/status/print";
import { bound, facts, ready, redis } from "./redis";

const service = { ...redis, cleanup: "redis-cleanup" };
const cronJob = { metadata: { name: "redis-cleanup", uid: "c" }, spec: {} } as CleanupObjects["cronJob"];
const job = (type?: string): V1Job => ({
  metadata: { name: "redis-cleanup-1", uid: "j" },
  status: type ? { conditions: [{ type, status: "True", reason: "BackoffLimitExceeded" }] } : {},
});
const pod = (status: V1Pod["status"]): V1Pod => ({
  metadata: {
    name: "redis-cleanup-1-x",
    ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "", uid: "j" }],
  },
  status,
});
const waiting = (reason: string, message?: string) =>
  pod({
    phase: "Pending",
    containerStatuses: [
      {
        name: "cleanup",
        image: "",
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { waiting: { reason, message } },
      },
    ],
  });
const its = "its clean-up, the CronJob cache/redis-cleanup,";

describe("what status says of a clean-up", () => {
  const cases: Record<string, [Partial<CleanupObjects>, string | undefined]> = {
    "it never ran yet": [{}, undefined],
    "its last run went well": [{ jobs: [job("Complete"), job("Failed")] }, undefined],
    "its pod is about to start": [{ jobs: [job()], pods: [waiting("ContainerCreating")] }, undefined],
    "it is gone": [
      { cronJob: undefined },
      `${its} is not in the cluster, so old files stay; pulumi up --refresh makes it again`,
    ],
    "it is suspended": [
      { cronJob: { ...cronJob, spec: { suspend: true } } as CleanupObjects["cronJob"] },
      `${its} is suspended, so old files stay; let it run again: ` +
        `kubectl -n cache patch cronjob redis-cleanup -p '{"spec":{"suspend":false}}'`,
    ],
    "its last run failed": [
      { jobs: [job("Failed"), job("Complete")] },
      `the last run of ${its} failed (BackoffLimitExceeded), so old files stay; what it printed: ` +
        "kubectl -n cache logs job/redis-cleanup-1",
    ],
    "its image is missing": [
      { jobs: [job()], pods: [waiting("ImagePullBackOff", 'Back-off pulling image "node:1"')] },
      `${its} can't run, so old files stay: pod redis-cleanup-1-x: container cleanup is waiting, ImagePullBackOff: ` +
        'Back-off pulling image "node:1"; name an image that the nodes can pull in cluster-storage:mover.image',
    ],
    "its pod finds no node": [
      {
        jobs: [job()],
        pods: [
          pod({
            phase: "Pending",
            conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }],
          }),
        ],
      },
      `${its} can't run, so old files stay: pod redis-cleanup-1-x: Unschedulable: 0/1 nodes`,
    ],
  };
  for (const [title, [objects, expected]] of Object.entries(cases))
    it(title, () => assert.equal(cleanupTrouble(service, { cronJob, jobs: [], pods: [], ...objects }), expected));

  it("is a line below the table", () => {
    const [entry] = facts([bound], [ready]);
    const known = new Map([["redis", { ...entry![1], cleanupTrouble: `${its} is suspended` }]]);
    assert.equal(statusTable({ redis: service }, known).split("\n").at(-1), `  redis: ${its} is suspended`);
  });
});
