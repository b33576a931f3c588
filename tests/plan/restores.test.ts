import assert from "node:assert/strict";
import { notArrived } from "../../plan/arrival";
import { moverRights } from "../../plan/mover-rights";
import { planOf } from "../stack";

const repository = `repository: { rest: { url: "https://b.lan" }, password: { secure: v1:abc } }`;
const planned = (services: string, backups = `cluster-storage:backups: { ${repository} }`) =>
  planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    pod: { type: ephemeral, allowDataLoss: a test }
  ${backups}
  cluster-storage:services:
    ${services}
`);
const kept = "kept: [{ generation: 1, size: 1Gi }]";
const restored = `size: 1Gi, generation: 2, from: { point: a123456789 }, ${kept}`;
const claimsOf = (services: string, name: string) => {
  const { plan, faults } = planned(services);
  assert.deepEqual(faults, []);
  return plan.services.find((service) => service.name === name)!.claims;
};

describe("a claim whose lines name a point", () => {
  const [claim = assert.fail("no claim")] = claimsOf(`redis: { ${restored} }`, "redis");

  it("is restored from it, while the service leaves the newest kept volume as it is", () => {
    const { job, kind, from, replace, restore } = claim.move!;
    assert.deepEqual(
      [job, kind, from.name, replace, restore],
      ["redis-data-a1234567-to-2", "restore", "redis-data", false, { point: "a123456789", keys: [] }],
    );
  });

  it("has to be opened with the point's own key, where its data can't be read with another", () => {
    const [n8n] = claimsOf(`n8n: { ${restored} }\n    postgres: { size: 1Gi }`, "n8n");
    assert.deepEqual(n8n?.move?.restore?.keys, ["encryption-key"]);
  });

  it("has arrived once its own note names the point", () => {
    const note = (from: string) => ({ "cluster-storage/moved": JSON.stringify({ from }) });
    assert.equal(notArrived(claim, claim.move!, note("point a123456789"), {}), undefined);
    for (const other of ["point 99", "redis-data"])
      assert.match(notArrived(claim, claim.move!, note(other), {}) ?? "", /^the data has not arrived on redis-data-2/);
  });

  it("lets its job take away what opens the repository, and no other Secret", () => {
    const rights = moverRights({ kind: "Deployment", name: "redis" }, [claim]);
    assert.deepEqual(
      rights.filter(({ resources }) => resources.includes("secrets")),
      [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["redis-move-repository"], verbs: ["delete"] }],
    );
  });
});

describe("lines with a point that can't be carried out", () => {
  const at = (path: string, message: string) => [{ path, message }];
  const faultsOf = (services: string, backups?: string) =>
    planned(services, backups).faults.map(({ path, message }) => ({ path, message }));

  it("are those of a stack without a repository", () =>
    assert.deepEqual(
      faultsOf(`redis: { ${restored} }`, ""),
      at(
        "services.redis.from",
        "names a point, and the stack has no repository; say in cluster-storage:backups where it is",
      ),
    ));

  it("are those without an earlier volume", () =>
    assert.deepEqual(
      faultsOf("redis: { size: 1Gi, from: { point: a123456789 } }"),
      at(
        "services.redis.from",
        "names a point, and no earlier generation is kept; a point is brought to a new generation beside the one in " +
          "use: npm run restore -- redis",
      ),
    ));

  it("are those whose earlier volume goes with its pod", () =>
    assert.deepEqual(
      faultsOf(`redis: { ${restored.replace("generation: 1, size: 1Gi", "generation: 1, size: 1Gi, backend: pod")} }`),
      at(
        "services.redis.from",
        "names a point, and the data that the service has now is in its pod's own directory, which goes with the " +
          "pod; take it to a claim first: npm run move -- redis --to BACKEND",
      ),
    ));

  it("are those of a pod's own directory", () =>
    assert.deepEqual(
      faultsOf(`redis: { backend: pod, ${restored} }`),
      at(
        "services.redis.from",
        "names a point, and the volume in use is a pod's own directory; bring the point to a claim",
      ),
    ));

  it("are those that leave what is not kept, or comes later", () => {
    const message = (leaves: number) =>
      `generation ${leaves} is no kept one before 2, so the service can't leave it; these are kept: 1, 4`;
    const kept = "kept: [ { generation: 1, size: 1Gi }, { generation: 4, size: 1Gi } ]";
    for (const leaves of [3, 4])
      assert.deepEqual(
        faultsOf(`redis: { size: 1Gi, generation: 2, ${kept}, from: { point: a123456789, leaves: ${leaves} } }`),
        at("services.redis.from.leaves", message(leaves)),
      );
  });

  it("are those of two points in one pod", () =>
    assert.deepEqual(
      faultsOf(
        `taskflow: { storage: { ${restored} }, logs: { ${restored.replace("a123456789", "abcdef0123")} } }\n` +
          "    taskflow-db: { size: 1Gi }",
      ),
      at(
        "services.taskflow.logs.from",
        "names point abcdef01, and taskflow/storage point a1234567; one pod has both volumes, so both are of one point",
      ),
    ));

  it("are those that name no point", () =>
    assert.deepEqual(
      faultsOf(`redis: { ${restored.replace("a123456789", "latest")} }`),
      at(
        "services.redis.from",
        '{"point":"latest"} names no point; one is { point: ID }, with the ID that npm run restore -- SERVICE --list ' +
          "shows and that YAML takes for text, of: PROJECT/STACK/SERVICE where it is another service's, and leaves: " +
          "GENERATION where the service leaves another one than the newest kept",
      ),
    ));
});
