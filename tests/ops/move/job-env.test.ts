import assert from "node:assert/strict";
import { moveOfJob } from "../../../ops/move/job-env";
import { aMove } from "../../mover/a-move";

const jobWith = (value: string, name = "MOVE") => ({
  template: { spec: { containers: [{ env: [{ name, value }] }] } },
});

describe("what a job was told of its move", () => {
  it("is the variable MOVE, as far as commands need it", () => {
    const across = { secret: "redis-move", key: "redis-data-1-to-2", port: 8443 };
    const template = { from: "data", to: "data-2" };
    const found = moveOfJob(jobWith(JSON.stringify(aMove({ across, template }))));
    assert.deepEqual(
      [found?.job, found?.workload, found?.source.claim, found?.target.claim, found?.across, found?.template],
      ["redis-data-1-to-2", { kind: "Deployment", name: "redis" }, "redis-data", "redis-data-2", across, template],
    );
  });

  it("is read of a pod's own directory, which has no claim", () => {
    const found = moveOfJob(jobWith(JSON.stringify(aMove({ kind: "fill", source: { generation: 1 } }))));
    assert.deepEqual(found?.source, { generation: 1 });
  });

  it("may have keys of an earlier version of this program", () => {
    assert.equal(moveOfJob(jobWith(JSON.stringify({ ...aMove(), leave: {} })))?.service, "redis");
  });

  it("is nothing where the job is no move's", () => {
    assert.equal(moveOfJob(undefined), undefined);
    assert.equal(moveOfJob(jobWith("{}", "OTHER")), undefined);
  });

  it("is an error where it is no move", () => {
    assert.throws(() => moveOfJob(jobWith("{}")), /job/);
    assert.throws(() => moveOfJob(jobWith("not JSON")), SyntaxError);
  });
});
