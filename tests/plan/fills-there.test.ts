import assert from "node:assert/strict";
import { arrived, filled, jobsOf, marked, redis, settled, there, told } from "./fills-ground";

describe("a service that has volumes", () => {
  it("keeps what it has where its backups came later", () => {
    const { plan, warnings } = settled(redis, { claims: [there()] });
    assert.deepEqual([plan.services[0]?.claims[0]?.move, warnings], [undefined, []]);
  });

  it("goes on being filled where that was cut off, and is as it is once it was filled", () => {
    const begun = settled(redis, { claims: [there(marked)] });
    assert.deepEqual(begun.warnings, [told]);
    const done = settled(redis, { claims: [there(arrived)] });
    assert.deepEqual(done.warnings, []);
    for (const { plan } of [begun, done]) assert.equal(plan.services[0]?.claims[0]?.move?.job, filled[0]);
    assert.equal(done.plan.services[0]?.claims[0]?.move?.restore?.done, true);
  });

  it("moves to a new volume as ever", () => {
    const moved = "redis: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
    for (const annotations of [{}, arrived])
      assert.deepEqual(jobsOf("redis", moved, { claims: [there(annotations)] }), ["redis-data-1-to-2"]);
  });

  it("moves back to a volume that was filled before, whatever its mark says by then", () => {
    const newer = there({}, { name: "redis-data-2" });
    const entry = (from: string) => `redis: { size: 1Gi, from: ${from}, kept: [{ generation: 2, size: 1Gi }] }`;
    for (const annotations of [marked, arrived]) {
      const claims = [there(annotations), newer];
      assert.deepEqual(jobsOf("redis", entry("2"), { claims }), ["redis-data-2-to-1"]);
      assert.deepEqual(jobsOf("redis", entry("none"), { claims }), [undefined]);
    }
    const returned = there({ ...marked, "cluster-storage/moved": JSON.stringify({ from: "redis-data-2" }) });
    assert.deepEqual(jobsOf("redis", redis, { claims: [returned] }), [undefined]);
  });

  it("has no further volume filled: a point of before doesn't have it", () => {
    const taskflow = (name: string) => there(arrived, { namespace: "taskflow", name, service: "taskflow" });
    const services =
      "taskflow-db: { size: 1Gi }, taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }, files: { size: 1Gi } }";
    const jobs = jobsOf("taskflow", services, { claims: [taskflow("app-storage"), taskflow("logs-storage")] });
    assert.deepEqual(jobs, ["app-storage-newest-to-1", "logs-storage-newest-to-1", undefined]);
    const { warnings } = settled(services, { claims: [taskflow("app-storage"), taskflow("logs-storage")] });
    assert.equal(
      warnings.find((line) => line.includes("beside")),
      "services.taskflow.files: file-storage is new beside other volumes of taskflow and begins empty; if it was " +
        "lost, npm run restore -- taskflow brings all of them from one point, before the next backup of it",
    );
  });

  it("is told that fresh has no use any more, and would do harm in a new cluster", () => {
    const { warnings } = settled("redis: { size: 1Gi, fresh: true }", { claims: [there()] });
    assert.deepEqual(warnings, [
      "services.redis.fresh: is true, and redis has its volumes by now; take it out of the file (or out of " +
        "cluster-storage:backups), else its volumes begin empty in a new cluster, whatever the backups have",
    ]);
  });

  it("doesn't start on a part of a point, whatever its lines say by now", () => {
    const claims = [there({ ...marked, "cluster-storage/copying": "point 0123" })];
    const expected = [
      {
        path: "services.redis",
        message:
          "claim redis-data in namespace local-ai-system has an unfinished copy of a point; bring the lines back by " +
          "which it was filled (cluster-storage:backups, without fresh) and run the update again; to begin empty " +
          "instead, delete it: kubectl -n local-ai-system delete pvc redis-data, then npm run recover -- " +
          "--begin-empty redis",
      },
    ];
    for (const entry of ["fresh: true", "backup: none, because: a test"])
      assert.deepEqual(settled(`redis: { size: 1Gi, ${entry} }`, { claims }).faults, expected);
  });
});
