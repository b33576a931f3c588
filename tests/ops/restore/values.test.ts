import assert from "node:assert/strict";
import type { ListedPoint } from "../../../model/backup";
import { pointsToFill } from "../../../ops/restore/to-fill";
import { namesIn, valueNames, withValues } from "../../../ops/restore/values";
import type { StateExport } from "../../../ops/pulumi/state";
import { planOf } from "../../stack";
import { listedPoint } from "../listed-point";

const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { rest: { url: "https://b.lan" }, password: { secure: v1:abc } } }
  cluster-storage:services:
    n8n: { size: 1Gi }
    postgres: { size: 1Gi, rotation: 2 }
`);
const [postgres, n8n] = ["postgres", "n8n"].map((name) => plan.services.find((each) => each.name === name)!);
const point = (service: string, id: string, more: Partial<ListedPoint> = {}): ListedPoint => ({
  ...listedPoint({ service, stack: "cluster-storage/test", ...more }),
  id,
});
const later = "2026-03-02T02:00:00Z";

describe("the points that an empty cluster is filled from", () => {
  it("are the newest of each service that have all of the data", () => {
    const points = [
      point("n8n", "a"),
      point("n8n", "b", { at: later }),
      point("n8n", "c", { at: "2026-03-03T02:00:00Z", shrunk: true }),
      point("n8n", "d", { at: "2026-03-04T02:00:00Z", incomplete: true }),
      point("postgres", "e"),
      point("postgres", "f", { at: later, stack: "cluster-storage/prod" }),
    ];
    const found = pointsToFill(plan, [postgres!, n8n!], points);
    assert.deepEqual(
      found.map(({ service, point: { id } }) => [service.name, id]),
      [
        ["postgres", "e"],
        ["n8n", "b"],
      ],
    );
  });

  it("are none where a single service has none", () => {
    assert.throws(() => pointsToFill(plan, [postgres!, n8n!], [point("postgres", "e")]), {
      message:
        "the repository at https://b.lan has no point of cluster-storage/test/n8n; it has points of " +
        "cluster-storage/test/postgres. If that is another repository than meant: correct " +
        "cluster-storage:backups.repository. What is new, and has nothing to bring back, may begin empty: fresh: " +
        "true in the entry of n8n. No service was started",
    });
  });
});

describe("the values that a state is given from points", () => {
  const type = "random:index/randomPassword:RandomPassword";
  const urn = (name: string) => `urn:pulumi:test::cluster-storage::${type}::${name}`;
  const state: StateExport = {
    version: 3,
    deployment: {
      resources: [{ urn: urn("postgres-password-2"), type, outputs: { result: "generated", length: 32 } }],
    },
  };
  const valueOf = (after: StateExport, name: string) => {
    const { outputs } = after.deployment.resources!.find((each) => each.urn === urn(name))!;
    return JSON.parse((outputs!.result as { plaintext: string }).plaintext) as string;
  };

  it("are of the value in use, by whose name the state has it", () => {
    assert.deepEqual(valueNames(postgres!), [{ key: "password", name: "postgres-password-2" }]);
    assert.deepEqual(
      valueNames(n8n!).map(({ name }) => name),
      ["n8n-encryption-key", "n8n-database-password"],
    );
  });

  it("take the place of what was generated for nothing, and of what would be", () => {
    const planned = [{ urn: urn("n8n-encryption-key"), type, inputs: { length: 32 } }];
    const values = [
      { name: "postgres-password-2", value: "of the point" },
      { name: "n8n-encryption-key", value: "the key" },
      { name: "of-nobody", value: "x" },
    ];
    const after = withValues(state, planned, values, "cluster-storage/test");
    assert.deepEqual(namesIn(after), ["postgres-password-2", "n8n-encryption-key"]);
    assert.equal(valueOf(after, "postgres-password-2"), "of the point");
    assert.equal(valueOf(after, "n8n-encryption-key"), "the key");
    assert.equal(JSON.stringify(state).includes("of the point"), false);
  });
});
