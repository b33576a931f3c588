import assert from "node:assert/strict";
import { assertHas, assertHasNot, brief, notBegun, refusedByQuota, resultOf } from "../../../ops/drill/judge";
import { notesOf } from "../../../ops/drill/note";
import { drillTable, failureLine } from "../../../ops/drill/print";

const point = { id: "0123456789abcdef", at: "2026-03-01T02:00:00.000Z" };
const record = { value: "the-value" };
const at = Date.parse("2026-03-01T02:00:10Z");

describe("what a drill's copies say", () => {
  it("is that the newest point has the record", () => assertHas(point, record, '{"value":"the-value"}'));

  it("is that the record is missing in it", () =>
    assert.throws(() => assertHas(point, record, ""), {
      message:
        "point 01234567 of 2026-03-01 02:00 UTC doesn't have the record that was written before it (it answered " +
        "nothing): what was backed up is not the service's data, or not all of it",
    }));

  it("is that the point before doesn't have it, whatever the service answers", () => {
    assertHasNot(point, record, "");
    assertHasNot(point, record, "GET /key answered 404");
  });

  it("is that the point before has it too", () =>
    assert.throws(() => assertHasNot(point, record, "the-value"), {
      message:
        "point 01234567 of 2026-03-01 02:00 UTC has the record too, though it is older: what was started is not what " +
        "was restored, so the drill proves nothing",
    }));

  it("is cut where it is long", () => assert.equal(brief(` ${"x".repeat(300)}\n`), `it answered: ${"x".repeat(200)}…`));

  it("is a quota's refusal, with a way out, and any other refusal as it is", () => {
    const said = "the API server answered 403: pods is forbidden: exceeded quota: small, requested: pods=1";
    assert.equal(
      refusedByQuota("pod a/redis", said),
      `pod a/redis is more than a quota of the cluster allows: ${said}. Make room in the quota, or drill fewer ` +
        "services at once: npm run drill -- SERVICE",
    );
    assert.equal(refusedByQuota("pod a/redis", "403: no"), "the cluster refuses pod a/redis: 403: no");
  });

  it("is that there is no room for them, or what else keeps them from beginning", () => {
    assert.equal(
      notBegun("pod redis: Unschedulable: 0/1 nodes are available"),
      "there is no room for a copy: pod redis: Unschedulable: 0/1 nodes are available. A drill needs the service's " +
        "memory and disk once more; drill fewer services at once: npm run drill -- SERVICE",
    );
    assert.equal(
      notBegun("pod redis: container redis is waiting, ImagePullBackOff"),
      "its copy can't begin: pod redis: container redis is waiting, ImagePullBackOff",
    );
  });
});

describe("what a drill comes to", () => {
  const written = { at };
  const newest = { point, read: "the record the-value", at: at + 9_000 };
  const before = { point, at: at + 12_340 };

  it("is proven where both copies were as they have to be, in the seconds from the record to the last of them", () =>
    assert.deepEqual(resultOf("redis", { newest, before, written }), {
      service: "redis",
      point,
      ok: true,
      seconds: 12.3,
      read: "the record the-value",
    }));

  for (const [name, tried, error] of [
    ["the newest fails", { newest: { ...newest, error: "missing" }, before, written }, "missing"],
    [
      "the point before fails",
      { newest, before: { ...before, error: "it has it too" }, written },
      "the point before the newest: it has it too",
    ],
    ["it could not begin", { unread: "no CronJob" }, "no CronJob"],
  ] as const)
    it(`is nothing where ${name}`, () => {
      const { ok, error: said } = resultOf("redis", tried);
      assert.deepEqual([ok, said], [false, error]);
    });

  it("tells what it could not remove from the service", () =>
    assert.equal(resultOf("redis", { newest, before, written: { at, left: "the key" } }).left, "the key"));
});

describe("what is noted of a drill", () => {
  const now = "2026-03-01T03:00:00.000Z";

  it("is the point that was proven, in place of an earlier failure", () =>
    assert.deepEqual(notesOf({ service: "redis", ok: true, point, seconds: 12.3 }, now), {
      "cluster-storage/drilled": JSON.stringify({ point: point.id, pointAt: point.at, at: now, seconds: 12.3 }),
      "cluster-storage/drill-failed": null,
    }));

  it("is why it proved nothing, beside the note of the last good one", () => {
    assert.deepEqual(notesOf({ service: "redis", ok: false, point, seconds: 12.3, error: "missing" }, now), {
      "cluster-storage/drill-failed": JSON.stringify({
        point: point.id,
        pointAt: point.at,
        at: now,
        seconds: 12.3,
        error: "missing",
      }),
    });
    assert.deepEqual(notesOf({ service: "redis", ok: false, seconds: 0, error: "no answer" }, now), {
      "cluster-storage/drill-failed": JSON.stringify({ at: now, seconds: 0, error: "no answer" }),
    });
  });
});

describe("what is printed of drills", () => {
  const results = [
    { service: "redis", ok: true, point, seconds: 12.34, read: "the record the-value" },
    { service: "qdrant", ok: false, seconds: 0, error: "it doesn't start", left: "what the drill wrote is left" },
  ];

  it("is a row for each service, and why some proved nothing", () =>
    assert.equal(
      drillTable(results, new Date("2026-03-01T02:05:00Z")),
      "SERVICE  POINT     AGE   RESULT  SECONDS  READ\n" +
        "redis    01234567  5min  ok      12.3     the record the-value\n" +
        "qdrant   –         –     FAILED  0.0      nothing\n" +
        "  qdrant: it doesn't start\n" +
        "  qdrant: what the drill wrote is left",
    ));

  it("ends with the names of those that are not proven", () => {
    assert.equal(failureLine(results), "not proven that their backups can be restored: qdrant (1 of 2)");
    assert.equal(failureLine(results.slice(0, 1)), undefined);
  });
});
