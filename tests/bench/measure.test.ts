import assert from "node:assert/strict";
import { measurePairs, median } from "../../bench/measure";
import { peaks } from "../../bench/room";
import { passwordMark, withPasswords } from "../../bench/programs/password";
import { copied, scaledCatalogue, scaledServices } from "../../bench/programs/scaled";
import { differenceResult, gibibytesResult, ratioResult, resultTable, secondsResult } from "../../bench/result";
import { catalogue } from "../../services/catalogue";

describe("bench", () => {
  it("takes the middle value, or the mean of the two in the middle", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 9, 2]), 3);
  });

  it("runs the sides in turn and leaves the warm-up out", async () => {
    const order: string[] = [];
    const side = (name: string, taken: number) => () => Promise.resolve(order.push(name) && taken + order.length);
    const pairs = await measurePairs({ rounds: 2, warmUps: 1, ours: side("ours", 10), other: side("other", 20) });
    assert.deepEqual(order, ["ours", "other", "ours", "other", "ours", "other"]);
    assert.deepEqual(pairs, [
      { ours: 13, other: 24 },
      { ours: 15, other: 26 },
    ]);
  });

  it("bounds the median of the pairs' ratios, not the ratio of the medians", () => {
    const pairs = [
      { ours: 2, other: 1 },
      { ours: 3, other: 3 },
      { ours: 4, other: 4 },
    ];
    assert.deepEqual(ratioResult("x", pairs, 1.05), {
      name: "x",
      ours: 3,
      other: 3,
      value: 1,
      range: [1, 2],
      bound: 1.05,
      met: true,
      runs: 3,
      unit: "times",
    });
  });

  it("bounds the median of the pairs' differences", () => {
    const pairs = [
      { ours: 9, other: 4 },
      { ours: 12, other: 1 },
      { ours: 5, other: 5 },
    ];
    assert.deepEqual(differenceResult("x", pairs, 10), {
      name: "x",
      ours: 9,
      other: 4,
      value: 5,
      range: [0, 11],
      bound: 10,
      met: true,
      runs: 3,
      unit: "s",
    });
  });

  it("says what is missed", () => {
    const missed = ratioResult("slow", [{ ours: 3, other: 2 }], 1.25);
    assert.equal(missed.met, false);
    const lines = resultTable([missed, secondsResult("start", [12, 14], 60)]).split("\n");
    assert.deepEqual(
      lines.map((line) => line.split(/\s{2,}/)),
      [
        ["COMPARISON", "OURS", "OTHER", "MEDIAN", "RANGE", "RUNS", "BOUND"],
        ["slow", "3.00 s", "2.00 s", "1.50", "1.50 to 1.50", "1", "at most 1.25", "MISSED"],
        ["start", "13.00 s", "13.0 s", "12.0 s to 14.0 s", "2", "at most 60.0 s", "met"],
      ],
    );
  });

  it("copies the seven services with their namespaces and connections", () => {
    const services = scaledCatalogue(catalogue, 2);
    assert.equal(services.size, 2 * copied.length);
    assert.equal(services.get("n8n")!.database!.service, "postgres");
    const copy = services.get("n8n-1")!;
    assert.deepEqual(
      [copy.namespace, copy.claims[0]!.name, copy.database!.service],
      ["local-ai-n8n-1", "n8n-data-1", "postgres-1"],
    );
    const env = copy.env!({ host: (name) => `host-of-${name}`, memory: 0, volume: 0 });
    assert.ok(env.some((entry) => "value" in entry && entry.value === "host-of-postgres-1"));
    assert.deepEqual(Object.keys(scaledServices({ redis: { size: "1Gi" } }, 2)).length, 14);
  });

  it("knows the mark of a generated password again", () => {
    const secret = (value: string) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "redis" },
      stringData: { url: value },
    });
    assert.deepEqual(withPasswords(secret(passwordMark("redis-password", 32))), {
      ...secret(""),
      stringData: { url: { password: { name: "redis-password", length: 32 } } },
    });
    assert.deepEqual(withPasswords(secret("{{password}}")), secret("{{password}}"));
    assert.deepEqual(withPasswords({ ...secret(""), kind: "ConfigMap" }), { ...secret(""), kind: "ConfigMap" });
  });

  it("takes the most room that was in use at once, and what was before doesn't count", async () => {
    const looks = [
      { memory: 10, disk: 50 },
      { memory: 7, disk: 49 },
      { memory: 8, disk: 20 },
    ];
    const look = () => Promise.resolve(looks.length > 1 ? looks.shift()! : looks[0]!);
    const found = await peaks("/", () => new Promise((done) => setTimeout(done, 100)), look, 5);
    assert.deepEqual(found, { memory: 3, disk: 30 });
    const failing = peaks("/", () => Promise.reject(new Error("no network")), look, 5);
    await assert.rejects(failing, { message: "no network" });
  });

  it("shows room in GiB, and misses a bound that is passed", () => {
    const table = resultTable([gibibytesResult("room", 8.25, 8)]);
    assert.match(table, /^room +8\.25 GiB +8\.3 GiB +8\.3 GiB to 8\.3 GiB +1 +at most 8\.0 GiB +MISSED$/m);
  });
});
