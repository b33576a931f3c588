import assert from "node:assert/strict";
import { checkThen, withoutClaims } from "../../../ops/recover/begin-empty";
import { claimFacts } from "../../facts";
import { planOf } from "../../stack";

const service = (name: string, claims?: Record<string, string>) => ({
  urn: `urn:pulumi:dev::cluster-storage::cluster-storage:index:StatefulService::${name}`,
  type: "cluster-storage:index:StatefulService",
  outputs: { ...(claims && { claims }) },
});

describe("what a service's claims held that are gone", () => {
  const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { rest: { url: "https://b.lan" }, password: { secure: v1:abc } } }
  cluster-storage:services:
    redis: { size: 1Gi }
    qdrant: { size: 1Gi, fresh: ignore-points }
    searxng: { size: 1Gi, backup: none, because: a test }
    taskflow-db: { size: 1Gi }
    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi } }
`);
  const logs = claimFacts({ namespace: "taskflow", name: "logs-storage", stack: "cluster-storage/test" });
  const check = (service: string, then: "empty" | "filled") =>
    checkThen({ service, then }, plan, { claims: [logs], volumes: [] });

  it("is given up where the next update does what was asked for", () => {
    check("redis", "filled");
    for (const service of ["qdrant", "searxng", "taskflow"]) check(service, "empty");
  });

  it("isn't given up to begin empty where the next update would fill it", () =>
    assert.throws(() => check("redis", "empty"), {
      name: "UserError",
      message:
        "redis has a backup, and the next update fills its new volume from the newest point: npm run recover -- " +
        "--fill redis lets it. To begin empty instead: fresh: ignore-points in the entry of redis, then the same " +
        "command again. Nothing was changed.",
    }));

  const reasons: [string, string][] = [
    [
      "searxng",
      "searxng has no backup in the stack file, so no update fills its volume. What may begin empty: npm run recover " +
        "-- --begin-empty searxng. Nothing was changed.",
    ],
    [
      "qdrant",
      "fresh: ignore-points lets qdrant begin empty, so no update fills its volume. Take it out of the entry of " +
        "qdrant (or out of cluster-storage:backups), then run the same command again. Nothing was changed.",
    ],
    [
      "taskflow",
      "taskflow has other volumes, or one that was made anew, and a point of another moment would not fit them. npm " +
        "run recover -- --begin-empty taskflow lets it go on as it is now; after the update npm run restore -- " +
        "taskflow brings all of its volumes from one point. Nothing was changed.",
    ],
  ];
  for (const [service, message] of reasons)
    it(`isn't given up to be filled, of ${service}`, () =>
      assert.throws(() => check(service, "filled"), { name: "UserError", message }));
});

describe("the record of a service's claims", () => {
  it("goes for the claims that are given up, and stays for all others", () => {
    const resources = [service("redis", { "a/data": "1", "a/data-2": "2" }), service("postgres", { "a/data": "3" })];
    assert.deepEqual(withoutClaims({ resources }, "redis", ["a/data"]).resources, [
      service("redis", { "a/data-2": "2" }),
      service("postgres", { "a/data": "3" }),
    ]);
  });

  it("is left as it was where the state has no such record", () => {
    const other = { urn: "urn:pulumi:dev::p::x:y:Z::redis", type: "x:y:Z" };
    assert.deepEqual(withoutClaims({ resources: [other] }, "redis", ["a/data"]).resources, [other]);
    assert.deepEqual(withoutClaims({}, "redis", ["a/data"]).resources, []);
  });
});
