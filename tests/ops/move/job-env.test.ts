import assert from "node:assert/strict";
import { moveOfJob } from "../../../ops/move/job-env";
import { aMove } from "../../mover/a-move";

const jobWith = (value: string, name = "MOVE") => ({
  template: { spec: { containers: [{ env: [{ name, value }] }] } },
});

const read = (spec: Parameters<typeof moveOfJob>[0]) =>
  moveOfJob(spec, { name: "redis-data-1-to-2", namespace: "cache" });

describe("what a job was told of its move", () => {
  it("is the variable MOVE, as far as commands need it", () => {
    const across = { secret: "redis-move", key: "redis-data-1-to-2", port: 8443 };
    const template = { from: "data", to: "data-2" };
    const found = read(jobWith(JSON.stringify(aMove({ across, template }))));
    assert.deepEqual(
      [found?.job, found?.workload, found?.source.claim, found?.target.claim, found?.across, found?.template],
      ["redis-data-1-to-2", { kind: "Deployment", name: "redis" }, "redis-data", "redis-data-2", across, template],
    );
  });

  it("is read of a pod's own directory, which has no claim", () => {
    const found = read(jobWith(JSON.stringify(aMove({ kind: "fill", source: { generation: 1 } }))));
    assert.deepEqual(found?.source, { generation: 1 });
  });

  it("may have keys of an earlier version of this program", () => {
    assert.equal(read(jobWith(JSON.stringify({ ...aMove(), leave: {} })))?.service, "redis");
  });

  it("is nothing where the job is no move's", () => {
    assert.equal(read(undefined), undefined);
    assert.equal(read(jobWith("{}", "OTHER")), undefined);
  });

  const refused = (what: string) => ({
    name: "UserError",
    message:
      `what the move's job cache/redis-data-1-to-2 was told can't be understood: ${what}. Another version of this ` +
      "program began the move. Nothing was changed, and no service was stopped or started. Check out the version " +
      "that began the move, and run npm run recover there",
  });

  it("is refused for people where an earlier version told it otherwise", () => {
    // An early version named the claims themselves, and the workload by its name only.
    const early = { ...aMove(), source: "redis-data", target: "redis-data-2", workload: "redis" };
    assert.throws(() => read(jobWith(JSON.stringify(early))), refused('this version expects another "workload" there'));
    const { volume: _, ...without } = aMove();
    assert.throws(() => read(jobWith(JSON.stringify(without))), refused('this version expects another "volume" there'));
  });

  it("is refused for people where it is no move at all", () => {
    assert.throws(() => read(jobWith("not JSON")), refused("it is no description of a move"));
  });
});
