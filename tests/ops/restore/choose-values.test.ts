import assert from "node:assert/strict";
import { chooseValues, startedIn } from "../../../ops/restore/choose-values";
import { catalogue } from "../../../services/catalogue";
import { planOf } from "../../stack";
import { listedPoint } from "../listed-point";

const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { rest: { url: "https://b.lan" }, password: { secure: v1:abc } } }
  cluster-storage:services:
    n8n: { size: 1Gi }
    neo4j: { size: 1Gi, rotation: 3 }
    postgres: { size: 1Gi, rotation: 2 }
    redis: { size: 1Gi }
    taskflow-db: { size: 1Gi }
`);
const point = listedPoint({ id: "4f0c1234" });

/** What is chosen of these values of one service's point. `started`: the state has the service's workload. */
function chosen(name: string, values: Record<string, string>, state: Record<string, string>, started = false) {
  const service = plan.services.find((each) => each.name === name)!;
  const facts = { values: new Map(Object.entries(state)), hasStarted: () => started };
  return chooseValues([{ service, point, values }], facts, catalogue);
}
const nothing = { brought: [], replaced: [], kept: [] };

describe("the passwords and keys of points that a state gets", () => {
  it("are all where the state was lost", () => {
    for (const started of [false, true])
      assert.deepEqual(chosen("n8n", { "encryption-key": "the key", "database-password": "p" }, {}, started).brought, [
        { name: "n8n-encryption-key", value: "the key" },
        { name: "n8n-database-password", value: "p" },
      ]);
  });

  it("are none where the state has them, and where the point has none", () => {
    assert.deepEqual(chosen("taskflow-db", { "db-password": "p" }, { "taskflow-db-db-password": "p" }), nothing);
    assert.deepEqual(chosen("postgres", {}, { "postgres-password-2": "p" }), nothing);
  });

  it("take the place of what an update generated that was refused", () => {
    assert.deepEqual(chosen("n8n", { "encryption-key": "the key" }, { "n8n-encryption-key": "for nothing" }), {
      brought: [{ name: "n8n-encryption-key", value: "the key" }],
      replaced: ["n8n-encryption-key"],
      kept: [],
    });
  });

  it("don't take back a password that was given anew since, which the data is given at the next start", () => {
    for (const [service, ...earlier] of [
      ["postgres", "old"],
      ["neo4j", "old", "oldest"],
    ] as const)
      for (const value of earlier) {
        const state = {
          [`${service}-password`]: earlier.at(-1)!,
          [`${service}-password-2`]: service === "postgres" ? "new" : "old",
          [`${service}-password-3`]: "new",
        };
        assert.deepEqual(chosen(service, { password: value }, state), {
          ...nothing,
          kept: [`the password of ${service} stays the state's own, not that of its point: it was given anew since`],
        });
      }
  });

  it("take the place of a password in the data that the state never had, which the data needs", () =>
    assert.deepEqual(chosen("taskflow-db", { "db-password": "p" }, { "taskflow-db-db-password": "q" }, true), {
      brought: [{ name: "taskflow-db-db-password", value: "p" }],
      replaced: ["taskflow-db-db-password"],
      kept: [],
    }));

  it("don't take the place of one that is in no data, once the service was started with it", () => {
    assert.deepEqual(chosen("redis", { password: "p" }, { "redis-password": "q" }, true), {
      ...nothing,
      kept: [
        "the password of redis stays the state's own, not that of its point: it is the one that it was started with " +
          "last",
      ],
    });
    assert.deepEqual(chosen("redis", { password: "p" }, { "redis-password": "q" }).replaced, ["redis-password"]);
  });

  it("are refused where data can't be read with the state's key, once the service was started with it", () =>
    assert.throws(() => chosen("n8n", { "encryption-key": "one" }, { "n8n-encryption-key": "another" }, true), {
      name: "UserError",
      message:
        "point 4f0c1234 was made with another encryption-key than the stack's state has, and n8n was started with " +
        "the state's: n8n could not read the point's data with it, nor its other volumes and points with the " +
        "point's. Bring back the state that has the point's (pulumi stack import --file FILE), then run the same " +
        "command again. Nothing was changed, and no service was started",
    }));

  it("know by the state's workloads whether a service was started", () => {
    const workload = (type: string, name: string, namespace: string) => ({
      urn: `urn:pulumi:test::p::${type}::${name}`,
      type,
      inputs: { metadata: { name, namespace } },
    });
    const state = {
      version: 3,
      deployment: {
        resources: [
          workload("kubernetes:apps/v1:Deployment", "n8n", "local-ai-n8n"),
          workload("kubernetes:core/v1:Secret", "redis", "local-ai-system"),
          { urn: "urn:pulumi:test::p::x::y", type: "kubernetes:apps/v1:StatefulSet" },
        ],
      },
    };
    const started = plan.services.filter(startedIn(state)).map(({ name }) => name);
    assert.deepEqual(started, ["n8n"]);
  });
});
