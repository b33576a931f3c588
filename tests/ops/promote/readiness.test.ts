import assert from "node:assert/strict";
import { parseHistory } from "../../../ops/pulumi/history";
import { deploysTo } from "../../../ops/promote/git";
import { whyNot, type Readiness } from "../../../ops/promote/readiness";
import { toRecord } from "../../../ops/verify/record";

const commit = "a".repeat(40);
const ready: Readiness = {
  stack: "dev",
  head: commit,
  uncommitted: [],
  update: { succeeded: true, at: new Date("2026-01-02T10:00:00Z"), commit, dirty: false },
  since: [],
  verified: { commit, at: "2026-01-02T10:05:00.000Z", ok: true, failed: [] },
  moves: [],
};
const update = ready.update!;
const verified = ready.verified!;

/** Each case breaks one condition. */
const reasons: Record<string, { change: Partial<Readiness>; why: string }> = {
  "uncommitted changes": {
    change: { uncommitted: ["index.ts", "a", "b", "c"] },
    why: "some changes are not committed (index.ts, a, b and 1 more): commit them, deploy them to dev, " + "and verify",
  },
  "never deployed": { change: { update: undefined }, why: "dev was never deployed, so there is nothing to promote" },
  "a failed update": {
    change: { update: { ...update, succeeded: false } },
    why: "dev's last update failed, 2026-01-02 10:00:00: run pulumi up, then npm run verify",
  },
  "deployed outside of git": {
    change: { update: { ...update, commit: undefined }, verified: { ...verified, commit: "" } },
    why:
      "dev was not deployed from a git checkout, so its commit isn't known; deploy it from this checkout, at " +
      "aaaaaaa",
  },
  "deployed with uncommitted changes": {
    change: { update: { ...update, dirty: true } },
    why:
      "dev was deployed from a checkout with uncommitted changes on top of aaaaaaa: deploy aaaaaaa itself, then " +
      "npm run verify",
  },
  "another commit": {
    change: { since: ["plan/claims.ts"] },
    why: "dev is at aaaaaaa, and not at the committed aaaaaaa (plan/claims.ts): deploy it, then npm run verify",
  },
  "a move half done": {
    change: { moves: ["redis-data-1-to-2"] },
    why: "the move redis-data-1-to-2 of dev isn't finished; pulumi up continues it",
  },
  "never verified": { change: { verified: undefined }, why: "dev was never verified; run npm run verify" },
  "a failed verification": {
    change: { verified: { ...verified, ok: false, failed: ["redis", "n8n"] } },
    why:
      "dev's last verification failed, 2026-01-02 10:05:00 (redis, n8n); repair what failed, " +
      "then run npm run verify",
  },
  "an update since": {
    change: { update: { ...update, at: new Date("2026-01-02T11:00:00Z") } },
    why: "dev was verified 2026-01-02 10:05:00, and updated since, 2026-01-02 11:00:00: npm run verify",
  },
  "another commit verified": {
    change: { verified: { ...verified, commit: "b" } },
    why: "dev was verified 2026-01-02 10:05:00, and updated since, 2026-01-02 10:00:00: npm run verify",
  },
};

describe("whether a stack has earned its promotion", () => {
  it("has, deployed and verified at the commit", () => assert.deepEqual(whyNot(ready), []));
  for (const [title, { change, why }] of Object.entries(reasons)) {
    it(`hasn't: ${title}`, () => assert.deepEqual(whyNot({ ...ready, ...change }), [why]));
  }
  it("says all that is in the way of one update", () => {
    const lines = whyNot({ ...ready, since: ["index.ts"], moves: ["redis-data-1-to-2"], verified: undefined });
    assert.deepEqual(
      lines.map((line) => line.split(/[:;]/)[0]),
      [
        "dev is at aaaaaaa, and not at the committed aaaaaaa (index.ts)",
        "the move redis-data-1-to-2 of dev isn't finished",
        "dev was never verified",
      ],
    );
  });
});

describe("what deploys", () => {
  it("is the program and the stack's own config, and not what is about them", () => {
    for (const file of [
      "index.ts",
      "plan/claims.ts",
      "package-lock.json",
      "Pulumi.yaml",
      "Pulumi.dev.yaml",
      "somewhere/new.ts",
    ])
      assert.equal(deploysTo(file, ["dev"]), true, file);
    for (const file of [
      "Pulumi.prod.yaml",
      "docs/talos.md",
      "tests/run.ts",
      ".github/workflows/x.yml",
      "README.md",
      "promotion.yaml",
      "bench/run.ts",
    ])
      assert.equal(deploysTo(file, ["dev"]), false, file);
  });
});

describe("a stack's history", () => {
  const entry = (kind: string, result: string, environment = {}) => ({
    kind,
    result,
    startTime: "2026-01-02T10:00:00.000Z",
    endTime: "2026-01-02T10:01:00.000Z",
    environment,
  });
  it("has the commit of the last update, whatever was read since", () => {
    const history = [
      entry("refresh", "succeeded"),
      entry("update", "succeeded", { "git.head": commit, "git.dirty": "true" }),
      entry("update", "failed"),
    ];
    assert.deepEqual(parseHistory(history), {
      succeeded: true,
      at: new Date("2026-01-02T10:01:00Z"),
      commit,
      dirty: true,
    });
  });
  it("may be that it failed, was destroyed, or was never", () => {
    assert.equal(parseHistory([entry("update", "failed")])?.succeeded, false);
    assert.equal(parseHistory([entry("destroy", "succeeded")])?.succeeded, false);
    assert.equal(parseHistory([]), undefined);
    assert.equal(parseHistory([entry("refresh", "succeeded")]), undefined);
  });
});

describe("what is kept of a verification", () => {
  const at = new Date("2026-01-02T10:05:00Z");
  const result = (service: string, ok: boolean) => ({ service, ok, seconds: 1, wrote: null, read: null });
  it("is commit, time and result", () => {
    assert.equal(
      toRecord([result("redis", true)], 1, commit, at),
      `{"commit":"${commit}","at":"2026-01-02T10:05:00.000Z","ok":true,"failed":[]}`,
    );
    assert.equal(
      toRecord([result("redis", true), result("n8n", false)], 2, undefined, at),
      '{"commit":"","at":"2026-01-02T10:05:00.000Z","ok":false,"failed":["n8n"]}',
    );
  });
  it("is nothing where only some services were looked at, unless one failed", () => {
    assert.equal(toRecord([result("redis", true)], 2, commit, at), undefined);
    assert.match(toRecord([result("redis", false)], 2, commit, at)!, /"failed":\["redis"\]/);
  });
  it("fits into a tag", () => {
    const failed = Array.from({ length: 60 }, (_, i) => result(`service-${i}`, false));
    const kept = toRecord(failed, 60, commit, at)!;
    assert.ok(kept.length <= 256 && kept.length > 230, String(kept.length));
    assert.equal((JSON.parse(kept) as { ok: boolean }).ok, false);
  });
});
