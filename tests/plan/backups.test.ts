import assert from "node:assert/strict";
import { stackOutputs } from "../../plan/outputs";
import { backupRights } from "../../plan/backup-rights";
import { planOf } from "../stack";

const rest = `rest: { url: "https://backup.lan:8000/cluster/" }`;
const config = (services: string, place = rest) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups: { repository: { ${place}, password: { secure: v1:abc } } }
  cluster-storage:services: { ${services} }
`;

function plan(services: string, place?: string) {
  const { plan, faults } = planOf(config(services, place));
  assert.deepEqual(faults, []);
  return plan;
}
const backupOf = (services: string, name: string) => plan(services).services.find((each) => each.name === name)?.backup;

describe("what is planned of backups", () => {
  it("is nothing where there is no repository", () => {
    const { plan } = planOf(config("redis: { size: 1Gi }").replace(/\n.*backups:.*/, ""));
    assert.equal(plan.backups, undefined);
    assert.equal(plan.services[0]?.backup, undefined);
  });

  it("is a backup of each service that runs and doesn't say none", () => {
    const { services } = plan(
      "redis: { size: 1Gi }, qdrant: { size: 1Gi, run: false }, searxng: { size: 1Gi, backup: none, because: in git }",
    );
    const backedUp = services.filter(({ backup }) => backup).map(({ name }) => name);
    assert.deepEqual(backedUp, ["redis"]);
  });

  it("takes the data by the service's own export recipe", () => {
    const { volumes } = backupOf("postgres: { size: 1Gi }", "postgres")!.task;
    const [{ exportRecipe, ...volume } = assert.fail("no volume")] = volumes;
    assert.deepEqual(volume, {
      volume: "postgres-data",
      generation: 1,
      claim: "postgres-data",
      mounts: [{ path: "/var/lib/postgresql/data" }],
    });
    assert.match(exportRecipe.streams[0]?.exec.join(" ") ?? "", /pg_basebackup/);
  });

  it("takes all volumes of a pod together, and the claim that is in use", () => {
    const task = backupOf(
      `taskflow-db: { size: 1Gi }, taskflow: {
        storage: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] },
        logs: { size: 1Gi } }`,
      "taskflow",
    )!.task;
    assert.deepEqual(
      task.volumes.map(({ volume, claim, generation }) => [volume, claim, generation]),
      [
        ["app-storage", "app-storage-2", 2],
        ["logs-storage", "logs-storage", 1],
      ],
    );
  });

  it("waits another time for each service, the same at each run", () => {
    const delay = (name: string) => backupOf(`${name}: { size: 1Gi }`, name)!.task.delay;
    const delays = ["redis", "postgres", "qdrant", "neo4j"].map(delay);
    assert.equal(new Set(delays).size, 4);
    assert.deepEqual(["redis", "postgres", "qdrant", "neo4j"].map(delay), delays);
    assert.ok(
      delays.every((seconds) => seconds >= 0 && seconds < 300),
      delays.join(),
    );
  });

  it("has a namespace that is not protected and that nobody has rights in", () => {
    assert.deepEqual(plan("redis: { size: 1Gi }").namespaces.at(-1), { name: "local-ai-backups", protect: false });
  });

  it("names the repository without what is secret, and its server", () => {
    const s3 = `s3: { endpoint: "http://s3.lan:9000/", bucket: b-1, prefix: x/y, accessKeyId: { secure: v1:a },
      secretAccessKey: { secure: v1:b } }`;
    const places = [rest, s3].map((place) => plan("redis: { size: 1Gi }", place).backups!);
    assert.deepEqual(
      places.map(({ address, server }) => [address, server]),
      [
        ["https://backup.lan:8000/cluster/", { host: "backup.lan", port: 8000 }],
        ["http://s3.lan:9000/b-1/x/y", { host: "s3.lan", port: 9000 }],
      ],
    );
  });

  it("leaves a volume to Velero only where the service says so", () => {
    const velero = "cluster-storage:velero: { fileSystemBackup: true }\n  cluster-storage:services";
    const marked = (services: string) => {
      const { plan, faults } = planOf(config(services).replace("cluster-storage:services", velero));
      assert.deepEqual(faults, []);
      return plan.services[0]?.claims[0]?.notForVelero;
    };
    assert.equal(marked("redis: { size: 1Gi }"), true);
    assert.equal(marked("redis: { size: 1Gi, velero: true }"), undefined);
    assert.equal(marked("redis: { size: 1Gi, backup: none, because: Velero has it }"), undefined);
  });

  it("is in the outputs, by which the command finds the job", () =>
    assert.deepEqual(stackOutputs(plan("redis: { size: 1Gi }")).services.redis?.backup, {
      namespace: "local-ai-backups",
      cronJob: "redis-backup",
      schedule: "0 2 * * *",
      repository: "https://backup.lan:8000/cluster/",
    }));

  it("has in a service's namespace the rights of the recipe, of the keys and of the notes, and no others", () => {
    const rights = (name: string) =>
      backupRights(backupOf(`${name}: { size: 1Gi }`, name)!.task).flatMap(({ resources, resourceNames, verbs }) => [
        `${verbs.join()} ${resources.join()}${resourceNames ? ` ${resourceNames.join()}` : ""}`,
      ]);
    assert.deepEqual(rights("redis"), [
      "get deployments redis",
      "list pods",
      "get pods",
      "get,create pods/exec",
      "get,patch persistentvolumeclaims redis-data",
      "get secrets redis",
      "create events",
    ]);
    assert.deepEqual(rights("qdrant").slice(0, 4), [
      "get statefulsets qdrant",
      "list pods",
      "get pods qdrant-0",
      "get,create pods/exec qdrant-0",
    ]);
  });
});
