import assert from "node:assert/strict";
import type { ClusterFacts, RunFacts } from "../../model/facts";
import { writtenByAnnotation } from "../../model/metadata";
import { unmarked } from "../../plan/guard-version";
import { planOf } from "../stack";
import { claim, said } from "./guard-fixture";

const [old, older] = ["redis:7.4.11-bookworm", "redis:7.2.5"];
const down = `redis: { size: 1Gi, class: local-path, image: "${older}" }`;
const refused =
  "services.redis.image: claim redis-data was last written by Redis 7.4.11 (redis:7.4.11-bookworm), and Redis 7.2.5 " +
  "can't go on with its files; set services.redis.image to redis:7.4.11-bookworm again, or restore a backup that the " +
  "older version made into a new, empty volume (docs/versions.md)";

const run = (kind: RunFacts["kind"], image: string, ran: boolean, more: Partial<RunFacts> = {}): RunFacts => ({
  kind,
  namespace: "local-ai-system",
  name: "redis",
  service: "redis",
  image,
  ran,
  claims: ["redis-data"],
  ...more,
});
const marked = (image: string, version: string) =>
  claim({ annotations: { [writtenByAnnotation]: JSON.stringify({ engine: "Redis", version, image }) } });

describe("what counts as the engine that wrote a claim's files", () => {
  const table: [string, string, Partial<ClusterFacts>, string[]][] = [
    ["a pod that runs", down, { claims: [claim()], runs: [run("Pod", old, true)] }, [refused]],
    ["a workload that is scaled down", down, { claims: [claim()], runs: [run("Deployment", old, false)] }, [refused]],
    ["the mark of a claim whose workload is gone", down, { claims: [marked(old, "7.4.11")] }, [refused]],
    [
      "the mark, where the workload's image has never run",
      down,
      {
        claims: [marked(older, "7.2.5")],
        runs: [run("Deployment", "redis:8.99", false), run("Pod", "redis:8.99", false)],
      },
      [],
    ],
    [
      "a pod that has run, where the mark is older",
      down,
      { claims: [marked(older, "7.2.5")], runs: [run("Pod", old, true)] },
      [refused],
    ],
    [
      "not the pod of another service or namespace",
      down,
      {
        claims: [claim()],
        runs: [run("Pod", old, true, { namespace: "other" }), run("Pod", old, true, { service: "redis-move" })],
      },
      [],
    ],
    ["nothing, where there is no claim", down, { claims: [], runs: [run("Deployment", old, false)] }, []],
    ["nothing, where nobody has a mark or a workload", down, { claims: [claim()], runs: [] }, []],
    [
      "nothing, while the service doesn't run",
      `redis: { size: 1Gi, class: local-path, image: "${older}", run: false }`,
      { claims: [marked(old, "7.4.11")] },
      [],
    ],
  ];
  for (const [what, services, { claims = [], ...facts }, faults] of table)
    it(`is ${what}`, () => assert.deepEqual(said(services, claims, facts).faults, faults));

  it("is the source's as long as a copy has not arrived", () => {
    const moving =
      `redis: { size: 1Gi, backend: fast, generation: 2, image: "${older}", ` +
      "kept: [{ generation: 1, size: 1Gi, class: local-path }] }";
    assert.deepEqual(said(moving, [marked(old, "7.4.11")]).faults, [refused]);
    const target = claim({ name: "redis-data-2", className: "fast" });
    assert.deepEqual(said(moving, [marked(old, "7.4.11"), target]).faults, [refused]);
    const arrived = {
      ...target,
      annotations: { "cluster-storage/moved": JSON.stringify({ from: "redis-data" }) },
    };
    const left = {
      ...marked(old, "7.4.11"),
      annotations: {
        ...marked(old, "7.4.11").annotations,
        "cluster-storage/moved-to": JSON.stringify({ to: "redis-data-2" }),
      },
    };
    assert.deepEqual(said(moving, [left, arrived]).faults, []);
  });

  it("is what the config says of the image that runs", () => {
    const digest = "redis@sha256:" + "ab".repeat(32);
    const same = `redis: { size: 1Gi, class: local-path, image: "${digest}", version: 7.4.11 }`;
    assert.deepEqual(said(same, [claim()], { runs: [run("Pod", digest, true)] }).faults, []);
  });
});

describe("a mark that is to be written", () => {
  const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: { redis: { size: 1Gi, image: "redis:8.0" } }
`);
  const written = { engine: "Redis", version: "7.4.11", image: old };

  it("names what has run, before the update takes it away", () =>
    assert.deepEqual(unmarked(plan, { claims: [claim()], runs: [run("Pod", old, true)] }), [
      { namespace: "local-ai-system", claim: "redis-data", written },
    ]));

  it("isn't needed where it is there, or where nothing has run", () => {
    assert.deepEqual(unmarked(plan, { claims: [marked(old, "7.4.11")], runs: [run("Pod", old, false)] }), []);
    const there = claim({ annotations: { [writtenByAnnotation]: JSON.stringify(written) } });
    assert.deepEqual(unmarked(plan, { claims: [there], runs: [run("Pod", old, true)] }), []);
    assert.deepEqual(unmarked(plan, { claims: [claim()], runs: [run("Deployment", old, false)] }), []);
  });
});

describe("a version in the config", () => {
  const faultsOf = (redis: string) =>
    planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: { redis: ${redis} }
`).faults;

  it("is refused where the tag says another", () =>
    assert.deepEqual(faultsOf('{ size: 1Gi, image: "redis:8.0.1", version: 7.4.11 }'), [
      { path: "services.redis.version", message: "is 7.4.11, but the tag of redis:8.0.1 says 8.0.1; leave it out" },
    ]));

  it("has numbers", () =>
    assert.deepEqual(faultsOf('{ size: 1Gi, image: "redis:8.0.1", version: "v8" }'), [
      {
        path: "services.redis.version",
        message: '"v8" is not a version; write numbers with dots between them, for instance 7.4.11',
      },
    ]));
});
