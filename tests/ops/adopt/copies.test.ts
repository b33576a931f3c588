import assert from "node:assert/strict";
import { refuseCopies } from "../../../ops/adopt/copies";
import type { Facts, LiveObject } from "../../../ops/adopt/types";
import { aMove } from "../../mover/a-move";
import { claim, live, planned } from "./objects";

const [first, second] = [claim, planned("PersistentVolumeClaim", "redis-data-2", {}, "redis")];
const forward = aMove({ namespace: "data" });
const back = aMove({
  ...forward,
  job: "redis-data-2-to-1",
  source: forward.target,
  target: forward.source,
  replace: true,
});
const jobOf = (move: typeof forward) =>
  planned("Job", move.job, {
    spec: { template: { spec: { containers: [{ env: [{ name: "MOVE", value: JSON.stringify(move) }] }] } } },
  });
const cluster = (...objects: [string, LiveObject][]): Facts =>
  ({
    live: new Map(objects),
    volumes: [],
    users: [],
    owners: [],
    servers: new Map(),
    settings: new Map(),
    secrets: new Map(),
  }) as Facts;
const noted = (object: typeof claim, annotations: Record<string, string>): [string, LiveObject] => [
  object.urn,
  live(object, { metadata: { annotations } }),
];
const faultsOf = (move: typeof forward, facts: Facts) =>
  refuseCopies([jobOf(move)], [first, second], facts).flatMap((verdict) =>
    verdict.action === "refuse" ? verdict.faults : [],
  );

describe("a copy that the config describes while claims are adopted", () => {
  it("back is refused where nothing says that it is done, with the line to remove", () => {
    const [fault] = faultsOf(back, cluster());
    assert.equal(
      fault?.why,
      "the lines of services.redis describe a copy from redis-data-2 to redis-data, and no note on these claims says " +
        "that it is done, so the next update would copy over what redis-data has",
    );
    assert.equal(fault.wayOut, 'take "from: 2" out of the lines of services.redis: redis-data is then used as it is');
  });

  it("forward is refused too, with the line to write", () => {
    const [fault] = faultsOf(forward, cluster(noted(first, {}), noted(second, {})));
    assert.equal(fault?.wayOut, "write from: none in the lines of services.redis: redis-data-2 is then used as it is");
  });

  it("is no matter where both claims say that it is done", () => {
    const done = cluster(
      noted(first, { "cluster-storage/moved-to": '{"to":"redis-data-2"}' }),
      noted(second, { "cluster-storage/moved": '{"from":"redis-data"}' }),
    );
    assert.deepEqual(faultsOf(forward, done), []);
  });

  it("is no matter where a pod's own directory has a part in it: the pod tells what it has", () => {
    assert.deepEqual(faultsOf({ ...forward, kind: "fill", source: { generation: 1 } }, cluster()), []);
    assert.deepEqual(refuseCopies([planned("Job", "database")], [], cluster()), []);
  });
});
