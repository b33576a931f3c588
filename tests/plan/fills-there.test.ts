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
    const warningsOf = (fresh: string) =>
      settled(`redis: { size: 1Gi, fresh: ${fresh} }`, { claims: [there()] }).warnings;
    assert.deepEqual(warningsOf("true"), [
      "services.redis.fresh: is true, and redis has its volumes by now; take it out of the file (or out of " +
        "cluster-storage:backups), else its volumes begin empty in a new cluster that finds no point of it, for " +
        "instance by a mistyped address",
    ]);
    assert.deepEqual(warningsOf("ignore-points"), [
      "services.redis.fresh: is ignore-points, and redis has its volumes by now; take it out of the file at once, " +
        "else its volumes begin empty in a new cluster, whatever the backups have",
    ]);
  });

  it("is made anew where it is too small for its point and can't grow, as it has nothing yet", () => {
    const { faults } = settled("redis: { size: 2Gi, class: local-path }", { claims: [there(marked)] });
    assert.deepEqual(faults, [
      {
        path: "services.redis.size",
        message:
          '2Gi is more than the 1Gi of claim redis-data, and its class "local-path" can\'t grow a volume; it was not ' +
          "filled yet, so let the update make it anew: kubectl -n local-ai-system delete pvc redis-data, then npm " +
          "run recover -- --fill redis",
      },
    ]);
  });

  it("is as it is once it began empty, also without the line that let it", () => {
    const claims = [there({ ...marked, "cluster-storage/moved": JSON.stringify({ from: "nothing" }) })];
    for (const entry of ["redis: { size: 1Gi, fresh: true }", redis]) {
      const { plan, faults } = settled(entry, { claims });
      assert.deepEqual([faults, plan.services[0]?.claims[0]?.move?.restore?.done], [[], true]);
    }
    assert.deepEqual(settled(redis, { claims }).warnings, []);
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
    for (const entry of ["fresh: true", "fresh: ignore-points", "backup: none, because: a test"])
      assert.deepEqual(settled(`redis: { size: 1Gi, ${entry} }`, { claims }).faults, expected);
  });
});
