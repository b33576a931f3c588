import assert from "node:assert/strict";
import type { StackOutputs } from "../../../ops/pulumi/outputs";
import { backupsOf } from "../../../ops/status/backups";
import type { ServiceFacts } from "../../../ops/status/rows";

const backup = { namespace: "backups", cronJob: "redis-backup", schedule: "0 2 * * *", repository: "https://a" };
const at = "2026-03-01T02:00:00.000Z";
const now = new Date("2026-03-01T05:00:00Z");
const done = JSON.stringify({ id: "0123456789", at, bytes: 2048, added: 1024 });
const failed = JSON.stringify({ at, error: "redis was not backed up" });

const never = "never proven by a drill; npm run drill -- redis does that";

const lines = (annotations: Record<string, string>, more: object = { backup }) =>
  backupsOf(
    { redis: { claims: [{ name: "redis-data" }], ...more } } as unknown as StackOutputs["services"],
    new Map([["redis", { claims: new Map([["redis-data", { annotations }]]) } as unknown as ServiceFacts]]),
    now,
  );

describe("backups in the status", () => {
  it("are each service's newest point, with its age and size", () =>
    assert.deepEqual(lines({ "cluster-storage/backed-up": done }), [
      "newest backups:",
      `  redis: 3h ago, 2.0 KiB; ${never}`,
    ]));

  it("are told with the last drill that proved one, and with a later one that didn't", () => {
    const drilled = JSON.stringify({ point: "0123", pointAt: at, at: "2026-03-01T04:00:00.000Z", seconds: 12.3 });
    const drillFailed = JSON.stringify({ at: "2026-03-01T04:30:00.000Z", error: "it doesn't start" });
    const notes = { "cluster-storage/backed-up": done, "cluster-storage/drilled": drilled };
    assert.equal(lines(notes)[1], "  redis: 3h ago, 2.0 KiB; drilled 1h ago, in 12.3 s");
    assert.equal(
      lines({ ...notes, "cluster-storage/drill-failed": drillFailed })[1],
      "  redis: 3h ago, 2.0 KiB; drilled 1h ago, in 12.3 s\n" +
        "    its last drill failed (2026-03-01 04:30 UTC): it doesn't start",
    );
  });

  it("are told of that have far less than the one before", () => {
    const shrunk = JSON.stringify({ at, bytes: 10, shrunkFrom: { files: 3, bytes: 2048 } });
    assert.equal(
      lines({ "cluster-storage/backed-up": shrunk })[1],
      `  redis: 3h ago, 10 bytes, less than half of 2.0 KiB before; ${never}`,
    );
  });

  it("are why there is no newer one", () =>
    assert.deepEqual(lines({ "cluster-storage/backed-up": done, "cluster-storage/backup-failed": failed }), [
      "newest backups:",
      `  redis: 3h ago, 2.0 KiB; ${never}\n    its last run failed (2026-03-01 02:00 UTC): redis was not backed up`,
    ]));

  it("are how to make the first one", () =>
    assert.deepEqual(lines({}), ["newest backups:", "  redis: no point yet; npm run backup -- redis makes one"]));

  it("are nothing of a stack without any", () => assert.deepEqual(lines({}, {}), []));
});
