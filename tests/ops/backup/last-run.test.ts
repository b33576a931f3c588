import assert from "node:assert/strict";
import { ApiException, type V1Job, type V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";
import { readRuns, unnoted } from "../../../ops/backup/last-run";

const backup = { namespace: "backups", cronJob: "redis-backup", schedule: "0 2 * * *", repository: "https://a" };
const time = (text: string) => new Date(`2026-03-0${text}:00Z`);
const now = time("4T05:00");
const done = (at: Date) => ({ done: { at, bytes: 1 } });
const killed = (name: string, at: Date, ended = new Date(at.getTime() + 60_000)): V1Job => ({
  metadata: { name, creationTimestamp: at },
  status: {
    conditions: [
      { type: "Failed", status: "True", lastTransitionTime: ended, reason: "DeadlineExceeded", message: "too long" },
    ],
  },
});
const pod = (job: string, reason: string, exitCode: number) =>
  ({
    metadata: { labels: { "batch.kubernetes.io/job-name": job } },
    status: { containerStatuses: [{ state: { terminated: { reason, exitCode } } }] },
  }) as unknown as V1Pod;

describe("what no note says of backups", () => {
  it("is a run that was killed after the last note, and by what", () => {
    const jobs = [killed("redis-backup-1", time("4T02:00")), killed("redis-backup-2", time("4T03:00"))];
    const said = (pods: V1Pod[]) => unnoted(backup, done(time("4T02:30")), { jobs, pods }, { now });
    const way = "; kubectl -n backups describe job redis-backup-2";
    assert.deepEqual(said([]), [`a run ended without a note (2026-03-04 03:01 UTC): too long${way}`]);
    assert.deepEqual(said([pod("redis-backup-1", "Error", 1), pod("redis-backup-2", "OOMKilled", 137)]), [
      `a run ended without a note (2026-03-04 03:01 UTC): its pod was ended (OOMKilled, exit code 137)${way}`,
    ]);
  });

  it("is nothing of a run that has noted its failure, or before a later point", () => {
    const jobs = [killed("redis-backup-1", time("4T02:00"))];
    assert.deepEqual(
      unnoted(
        backup,
        { ...done(time("4T01:00")), failed: { at: time("4T02:01"), error: "" } },
        { jobs, pods: [] },
        { now: time("4T03:30") },
      ),
      [],
    );
    assert.deepEqual(unnoted(backup, done(time("4T02:10")), { jobs, pods: [] }, { now }), []);
  });

  it("is a point that is overdue, of a service without any too, and whether one is being made", () => {
    const overdue = "its point of 2026-03-04 02:00 UTC is overdue";
    const none = { jobs: [], pods: [] };
    assert.deepEqual(unnoted(backup, done(time("3T02:03")), none, { now }), [overdue]);
    assert.deepEqual(unnoted(backup, {}, none, { since: time("3T02:03"), now }), [overdue]);
    assert.deepEqual(unnoted(backup, {}, none, { since: time("4T02:03"), now }), []);
    assert.deepEqual(unnoted(backup, {}, none, { now }), []);
    const running = { jobs: [{ status: { active: 1 } }], pods: [] };
    assert.deepEqual(unnoted(backup, done(time("3T02:03")), running, { now }), [`${overdue}; a run is under way`]);
  });

  it("is read of runs that make points, and of none where the namespace may not be seen", async () => {
    const names = ["redis-backup-29", "redis-backup-now-x1", "redis-backup-list-x2", "redis-2-backup-29"];
    const kube = (code?: number) =>
      ({
        core: { listNamespacedPod: async () => ({ items: [] }) },
        objects: {
          list: async () => {
            if (code !== undefined) throw new ApiException(code, "", {}, {});
            return { items: names.map((name) => ({ metadata: { name } })) };
          },
        },
      }) as unknown as Kube;
    const { jobs } = await readRuns(kube(), backup);
    assert.deepEqual(
      jobs.map(({ metadata }) => metadata?.name),
      names.slice(0, 2),
    );
    assert.deepEqual(await readRuns(kube(403), backup), { jobs: [], pods: [] });
    await assert.rejects(readRuns(kube(500), backup));
  });
});
