import assert from "node:assert/strict";
import { setImmediate as breathe } from "node:timers/promises";
import type { ServiceOutput } from "../../../ops/pulumi/outputs";
import { chooseServices, databasesFirst, leftOut } from "../../../ops/verify/all";
import { describeLeftOut, describeResult, failureLine } from "../../../ops/verify/print";
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

describe("databasesFirst", () => {
  const services: [string, Pick<ServiceOutput, "kind">][] = [
    ["n8n", { kind: "Deployment" }],
    ["postgres", { kind: "StatefulSet" }],
    ["redis", { kind: "Deployment" }],
    ["flowise", { kind: "Deployment" }],
    ["taskflow-db", { kind: "StatefulSet" }],
  ];
  it("works on every service, so many at a time, and on databases before the others begin", async () => {
    const done: string[] = [];
    let busy = 0;
    let most = 0;
    const work = async ([name]: [string, unknown]) => {
      most = Math.max(most, ++busy);
      await breathe();
      busy--;
      done.push(name);
    };
    await databasesFirst(services, work, 2);
    assert.deepEqual(done.slice(0, 2).sort(), ["postgres", "taskflow-db"]);
    assert.deepEqual(done.slice(2).sort(), ["flowise", "n8n", "redis"]);
    assert.equal(most, 2);
  });
});

describe("what verify reports", () => {
  const good = { service: "redis", ok: true, seconds: 3.25, wrote: "abc", read: "abc" };
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
