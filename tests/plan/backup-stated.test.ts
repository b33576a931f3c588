import assert from "node:assert/strict";
import { known } from "../../known";
import { planConfig } from "../../ops/pulumi/stack-plan";
import { parse } from "yaml";
import { planOf } from "../stack";

const backups =
  "cluster-storage:backups: { repository: { nfs: { server: nas, path: /srv }, password: { secure: v1:a } } }";
const config = (services: string, more = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  ${more}
  cluster-storage:services: { ${services} }
`;

function said(services: string, more?: string) {
  const { plan, faults, warnings } = planOf(config(services, more));
  assert.deepEqual(faults, []);
  const volumes = plan.services.flatMap(({ claims }) => claims.flatMap((claim) => [claim, ...claim.kept]));
  const notes = volumes.map(({ name, annotations }) => [name, annotations["cluster-storage/backup"]]);
  return { plan, notes: Object.fromEntries(notes) as Record<string, string | undefined>, warnings };
}

const unsaid = (names: string, lacking: string) =>
  `${names} ${lacking}, so what a disk loses is gone. Say in cluster-storage:backups where the data of all services ` +
  "shall go (docs/backups.md), or write backup: none and because: REASON into the entry of each that needs none";

describe("what a claim says of its backup", () => {
  it("is the CronJob that makes it, also of a claim that a StatefulSet's template asks for", () => {
    const { notes, warnings } = said("redis: { size: 1Gi }, taskflow-db: { size: 1Gi }", backups);
    assert.deepEqual(notes, {
      "redis-data": "CronJob local-ai-backups/redis-backup",
      "postgres-data-taskflow-db-0": "CronJob local-ai-backups/taskflow-db-backup",
    });
    assert.deepEqual(warnings, []);
  });

  it("is why there is none", () => {
    for (const more of ["", backups])
      assert.equal(
        said("redis: { size: 1Gi, backup: none, because: a cache }, qdrant: { size: 1Gi }", more).notes["redis-data"],
        "none: a cache",
      );
  });

  it("is nothing where nobody has said anything, and one warning names all those services", () => {
    const { notes, warnings } = said("redis: { size: 1Gi }, qdrant: { size: 1Gi }");
    assert.deepEqual(notes, { "redis-data": undefined, "qdrant-data": undefined });
    assert.deepEqual(warnings, [unsaid("redis and qdrant", "have no backup, and their entries give no reason")]);
    const { warnings: one } = said("redis: { size: 1Gi }, qdrant: { size: 1Gi, backup: none, because: a cache }");
    assert.deepEqual(one, [unsaid("redis", "has no backup, and its entry gives no reason")]);
  });

  it("is of a service that doesn't run that nothing can be taken from it", () => {
    const services = "redis: { size: 1Gi }, qdrant: { size: 1Gi, run: false }";
    const { notes, warnings } = said(services, backups);
    assert.equal(notes["qdrant-data"], "none: qdrant has run: false, and data leaves through a running pod");
    assert.deepEqual(warnings, []);
    // Without a repository that isn't why.
    assert.equal(said(services).notes["qdrant-data"], undefined);
  });

  it("is of a volume from before a move where the data is now", () => {
    const moved = "redis: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
    const kept = "none: kept until it is released; the data of redis is on redis-data-2";
    assert.deepEqual(said(moved, backups).notes, {
      "redis-data-2": "CronJob local-ai-backups/redis-backup",
      "redis-data": kept,
    });
    assert.deepEqual(said(moved).notes, { "redis-data-2": undefined, "redis-data": kept });
    const { notes } = said(moved.replace("1Gi,", "1Gi, backup: none, because: a cache,"));
    assert.deepEqual(notes, { "redis-data-2": "none: a cache", "redis-data": "none: a cache" });
  });

  it("is Velero where that takes the volume", () => {
    const velero = "cluster-storage:velero: { fileSystemBackup: true }";
    const services = "redis: { size: 1Gi }, qdrant: { size: 1Gi, velero: false }, neo4j: { size: 1Gi, run: false }";
    const { notes, warnings } = said(services, velero);
    assert.deepEqual(notes, { "redis-data": "Velero", "qdrant-data": undefined, "neo4j-data": undefined });
    assert.equal(warnings.length, 1);
    assert.ok(warnings[0]!.startsWith("qdrant and neo4j have no backup"), warnings[0]);
  });

  it("is nothing for a directory that ends with its pod, which has nothing to lose", () => {
    const scratch = "scratch: { type: ephemeral, allowDataLoss: a demo }";
    const empty = config("redis: { size: 1Gi, backend: scratch }").replace(
      "default: true } }",
      `default: true }, ${scratch} }`,
    );
    const { plan, faults, warnings } = planOf(empty);
    assert.deepEqual(faults, []);
    assert.equal(plan.services[0]!.claims[0]!.annotations["cluster-storage/backup"], undefined);
    assert.deepEqual(
      warnings.filter((line) => line.includes("no backup")),
      [],
    );
  });

  it("is of the repository's own claim that it has the backups", () => {
    const claim = backups.replace("nfs: { server: nas, path: /srv }", "claim: { size: 1Gi }");
    const { annotations } = said("redis: { size: 1Gi }", claim).plan.backups!.served!.claim!;
    assert.equal(annotations["cluster-storage/backup"], "none: it has the backups themselves");
  });

  it("is missing where a service of one's own has no way for its data to leave, and the warning says so", () => {
    const { exportRecipe: _, ...redis } = known.services.get("redis")!;
    const services = new Map([...known.services, ["redis", redis]]);
    const { config: values } = parse(config("redis: { size: 1Gi }, qdrant: { size: 1Gi }", backups)) as {
      config: Record<string, unknown>;
    };
    const { faults, warnings } = planConfig(values, { project: "cluster-storage", stack: "test" }, services);
    assert.deepEqual(faults, []);
    assert.deepEqual(warnings, [
      "redis has no backup, and its entry gives no reason, so what a disk loses is gone. Nothing knows how its data " +
        "leaves a pod: write an exportRecipe (docs/adding-a-service.md), or write backup: none and because: REASON " +
        "into the entry of each that needs none",
    ]);
  });
});

describe("a repository that gets nothing", () => {
  it("is warned of, because each entry still says that it has no backup", () => {
    const services = "redis: { size: 1Gi, backup: none, because: no repository yet }";
    assert.deepEqual(said(services, backups).warnings, [
      "cluster-storage:backups names a repository, and no service is backed up. Take backup: none and because out of " +
        "the entries of those that shall be, or take cluster-storage:backups out",
    ]);
    assert.deepEqual(said(services).warnings, []);
  });
});
