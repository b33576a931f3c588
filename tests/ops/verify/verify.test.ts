import assert from "node:assert/strict";
import { setImmediate as breathe } from "node:timers/promises";
import type { ServiceOutput } from "../../../ops/pulumi/outputs";
import { byNeeds, chooseServices, leftOut } from "../../../ops/verify/all";
import { describeLeftOut, describeResult, failureLine } from "../../../ops/verify/print";
import { newKey, oldKeys } from "../../../ops/verify/remove";
import { substitute } from "../../../ops/verify/steps";

describe("substitute", () => {
  const record = { key: 'k"1', value: "$&v" };
  it("fills key and value into every string, however they are spelt", () => {
    assert.deepEqual(substitute({ exec: ["set", "{{key}}", "{{value}} {{value}}"] }, record), {
      exec: ["set", 'k"1', "$&v $&v"],
    });
    assert.deepEqual(
      substitute({ http: { method: "PUT", port: 80, path: "/{{key}}", headers: { a: "{{value}}" } } }, record),
      {
        http: { method: "PUT", port: 80, path: '/k"1', headers: { a: "$&v" } },
      },
    );
  });
  it("leaves other braces alone", () => {
    assert.deepEqual(substitute({ exec: ["{{other}}", "{key}"] }, record), { exec: ["{{other}}", "{key}"] });
  });
});

describe("chooseServices", () => {
  const service = (run: boolean, ephemeral = false) => ({ run, claims: [{ ephemeral: false }, { ephemeral }] });
  const services = {
    redis: service(true),
    postgres: service(true),
    n8n: service(true),
    flowise: service(false),
  } as unknown as Record<string, ServiceOutput>;
  it("takes all that run without names, and the named in the stack's order", () => {
    assert.deepEqual(
      chooseServices(services, []).map(([name]) => name),
      ["redis", "postgres", "n8n"],
    );
    assert.deepEqual(
      chooseServices(services, ["n8n", "redis"]).map(([name]) => name),
      ["redis", "n8n"],
    );
  });
  it("leaves out, and says so, what would lose its data with its pod, unless that is named", () => {
    const some = { ...services, qdrant: service(true, true), searxng: service(false, true) } as unknown as Record<
      string,
      ServiceOutput
    >;
    assert.deepEqual(
      chooseServices(some, []).map(([name]) => name),
      ["redis", "postgres", "n8n"],
    );
    assert.deepEqual(
      chooseServices(some, ["qdrant"]).map(([name]) => name),
      ["qdrant"],
    );
    assert.deepEqual(leftOut(some).map(describeLeftOut), [
      "– qdrant                not checked: the config keeps its data in the pod's own directory, " +
        "which is deleted with the pod",
    ]);
  });
  it("says that one doesn't run", () => {
    assert.throws(() => chooseServices(services, ["redis", "flowise"]), {
      name: "UserError",
      message: "flowise doesn't run (run: false in the stack's config): it has no pod to replace; its data is kept",
    });
  });
  it("names the nearest for one that it doesn't have", () => {
    assert.throws(() => chooseServices(services, ["postgers"]), {
      name: "UserError",
      message: 'no service "postgers" in this stack (did you mean "postgres"?); it has redis, postgres, n8n, flowise',
    });
  });
});

describe("byNeeds", () => {
  const services: [string, Pick<ServiceOutput, "needs">][] = [
    ["n8n", { needs: ["postgres"] }],
    ["postgres", { needs: [] }],
    ["redis", { needs: [] }],
    ["flowise", { needs: ["postgres", "elsewhere"] }],
    ["taskflow", { needs: ["taskflow-db"] }],
    ["taskflow-db", { needs: [] }],
  ];
  it("works on every service, so many at a time, and on each after those that it needs", async () => {
    const done: string[] = [];
    let busy = 0;
    let most = 0;
    const work = async ([name, { needs }]: (typeof services)[number]) => {
      most = Math.max(most, ++busy);
      assert.ok(
        needs.every((need) => need === "elsewhere" || done.includes(need)),
        name,
      );
      await breathe();
      busy--;
      done.push(name);
      return name;
    };
    assert.deepEqual(
      await byNeeds(services, work, 2),
      services.map(([name]) => name),
    );
    assert.equal(done.length, services.length);
    assert.equal(most, 2);
  });
});

describe("the keys that verify removes", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  const minutesAgo = (minutes: number) => newKey(now - minutes * 60_000);
  it("are those of checks that ended long ago, wherever they are listed, each once", () => {
    const old = minutesAgo(61);
    assert.deepEqual(oldKeys(`{"name":"persistence-check-${old}"}, "${old}", ${minutesAgo(59)}`, now), [old]);
  });
  it("are nothing that has another name", () => {
    const text = ["cluster-storage-check-", "check-mabcdefg1234", "cluster-storage-check-mabcdefg1234x", "mine"];
    assert.deepEqual(oldKeys(text.join("\n"), now), []);
  });
});

describe("what verify reports", () => {
  const good = { service: "redis", ok: true, seconds: 3.25, wrote: "abc", read: "abc" };
  it("say what could not be removed", () => {
    assert.match(
      describeResult({ ...good, left: "what the check wrote (k) could not be removed: why" }),
      /same volume; what the check wrote \(k\) could not be removed: why$/,
    );
  });
  const bad = {
    service: "neo4j",
    ok: false,
    seconds: 300,
    wrote: "abc",
    read: null,
    error: "no Ready pod after 300 s: there is no pod",
  };
  it("is a line a service", () => {
    assert.equal(
      describeResult(good),
      "✓ redis          3.3 s  wrote abc, replaced the pod, read abc from the same volume",
    );
    assert.equal(describeResult(bad), "✗ neo4j        300.0 s  FAILED: no Ready pod after 300 s: there is no pod");
  });
  it("shows the value alone of a long answer", () => {
    assert.match(describeResult({ ...good, read: `{"id":"1","name":"abc",${" ".repeat(60)}}` }), /read abc from/);
  });
  it("names who failed", () => {
    assert.equal(failureLine([good, bad]), "not proven that data outlives its pod: neo4j (1 of 2)");
    assert.equal(failureLine([good]), undefined);
  });
});
