import assert from "node:assert/strict";
import { claimArgs } from "../../components/workload";
import { notArrived } from "../../plan/arrival";
import { moverRights } from "../../plan/mover-rights";
import type { RunFacts } from "../../model/facts";
import { volumeFacts } from "../facts";
import { arrived, filled, jobsOf, marked, redis, serviceOf, settled, there, told } from "./fills-ground";

describe("a service whose volumes the cluster doesn't have", () => {
  it("has them filled from the newest point, which is said", () => {
    const { plan, faults, warnings } = settled(redis);
    const [claim = assert.fail("no claim")] = plan.services[0]!.claims;
    assert.deepEqual([faults, warnings], [[], [told]]);
    const { kind, from, restore } = claim.move!;
    assert.deepEqual(
      [kind, from.ephemeral, from.generation, restore],
      ["restore", true, 0, { point: "newest", keys: [] }],
    );
    const { annotations } = claimArgs(plan.owner, plan.services[0]!, claim).metadata;
    assert.equal(annotations["cluster-storage/fill"], "newest");
  });

  it("lets its job reach no claim but the new one", () => {
    const { claims, kind, name } = serviceOf("redis", redis);
    const rights = moverRights({ kind, name }, claims);
    const names = rights.find(({ resources }) => resources.includes("persistentvolumeclaims"))?.resourceNames;
    assert.deepEqual(names, ["redis-data"]);
  });

  it("doesn't start before they have arrived, from whichever point", () => {
    const [claim = assert.fail("no claim")] = serviceOf("redis", redis).claims;
    assert.equal(notArrived(claim, claim.move!, arrived, undefined), undefined);
    for (const note of [marked, { "cluster-storage/moved": JSON.stringify({ from: "redis-data-2" }) }])
      assert.equal(
        notArrived(claim, claim.move!, note, undefined),
        "redis-data has not been filled from the newest point (job redis-data-newest-to-1), so the workload is not " +
          "started; run the whole update again",
      );
  });

  it("has them filled where the file has a move or a restore that was made in the cluster before", () => {
    const kept = "generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    const jobs = ["redis-data-newest-to-2"];
    assert.deepEqual(jobsOf("redis", `redis: { size: 1Gi, ${kept} }`), jobs);
    assert.deepEqual(jobsOf("redis", `redis: { size: 1Gi, from: { point: a123456789 }, ${kept} }`), jobs);
  });

  it("has a template's claim filled, under the name that the point has for it", () => {
    assert.deepEqual(jobsOf("taskflow-db", "taskflow-db: { size: 1Gi }"), ["postgres-data-taskflow-db-newest-to-1"]);
    const later = "taskflow-db: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
    assert.deepEqual(jobsOf("taskflow-db", later), ["postgres-data-taskflow-db-newest-to-2"]);
  });

  it("has a job of its own beside another service of its namespace", () => {
    const { plan } = settled("postgres: { size: 1Gi, namespace: taskflow }, taskflow-db: { size: 1Gi }");
    const names = plan.services.map(({ namespace, claims }) => `${namespace}/${claims[0]?.move?.job}`);
    assert.deepEqual(names.sort(), [
      "taskflow/postgres-data-newest-to-1",
      "taskflow/postgres-data-taskflow-db-newest-to-1",
    ]);
  });

  it("has them filled where only the earlier volume was made before the update was killed", () => {
    const services = "redis: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
    const [kept = assert.fail("no kept volume")] = serviceOf("redis", services).claims[0]!.kept;
    assert.deepEqual(jobsOf("redis", services, { claims: [there(kept.annotations)] }), ["redis-data-newest-to-2"]);
  });

  it("is filled although it doesn't run, else it would begin empty when it does", () =>
    assert.deepEqual(jobsOf("redis", "redis: { size: 1Gi, run: false }"), filled));

  it("begins empty where somebody wrote that down, and where it has no backups", () => {
    const none = [undefined];
    assert.deepEqual(jobsOf("redis", "redis: { size: 1Gi, fresh: true }"), none);
    assert.deepEqual(jobsOf("redis", redis, {}, ", fresh: true"), none);
    assert.deepEqual(settled("redis: { size: 1Gi, fresh: true }").warnings, [
      "services.redis: redis-data begins empty, by fresh: true, whatever the backups have of redis",
    ]);
    assert.deepEqual(jobsOf("redis", "redis: { size: 1Gi, fresh: false }", {}, ", fresh: true"), filled);
    assert.deepEqual(jobsOf("redis", "redis: { size: 1Gi, backup: none, because: a test }"), none);
    assert.deepEqual(jobsOf("redis", "redis: { size: 1Gi, backend: pod }"), none);
  });

  it("asks for the point's own keys where data can't be used with others", () => {
    const keysOf = (entry: string, name: string) => serviceOf(name, entry).claims[0]?.move?.restore?.keys;
    assert.deepEqual(keysOf("n8n: { size: 1Gi }, postgres: { size: 1Gi }", "n8n"), ["encryption-key"]);
    assert.deepEqual(keysOf("postgres: { size: 1Gi }", "postgres"), ["password"]);
    // A password that was given anew is set at each start.
    assert.deepEqual(keysOf("postgres: { size: 1Gi, rotation: 2 }", "postgres"), []);
  });

  it("is not filled where a volume waits for its claim, whose data is the service's", () => {
    const volumes = [volumeFacts({ name: "pv", claim: "local-ai-system/redis-data", phase: "Available" })];
    assert.deepEqual(jobsOf("redis", redis, { volumes }), [undefined]);
  });

  it("is refused where its workload was left behind, which would start on the empty volume", () => {
    const run: RunFacts = {
      kind: "Deployment",
      namespace: "local-ai-system",
      name: "redis",
      service: "redis",
      image: "redis:7",
      ran: false,
      claims: ["redis-data"],
    };
    assert.deepEqual(settled(redis, { runs: [run] }).faults, [
      {
        path: "services.redis",
        message:
          "Deployment redis in namespace local-ai-system is there already, and would start on the new volume before " +
          "its data is there; delete it, which deletes no data: kubectl -n local-ai-system delete deployment redis; " +
          "then pulumi up --refresh makes it again",
      },
    ]);
  });
});
