import assert from "node:assert/strict";
import { up } from "../../ops/pulumi/stack";
import { writeConfig } from "../../ops/start/deploy";
import { adoptGround, redis } from "./adopt-ground";
import { namespaces, refusedManifests, runningManifests } from "./adopt-others-manifests";
import { useCluster } from "./fixture";
import { until } from "./state";
import type { SeedImages } from "./adopt-manifests";

/** A password that a config's reader would take apart. */
const password = 'it\'s a "test"';

describe("npm run adopt where others made the data", () => {
  const cluster = useCluster();
  const { kube, kubectl, inPod, sql, adopt, clean } = adoptGround(cluster);
  const servicesOf = () =>
    cluster().overrides["cluster-storage:services"] as Record<string, { image: { ref: string } }>;
  const images = (): SeedImages => {
    const { image, helperImage } = (
      cluster().overrides["cluster-storage:backends"] as Record<string, { image: string; helperImage: string }>
    )["local-path"]!;
    const { redis, postgres } = servicesOf();
    return { provisioner: image, helper: helperImage, redis: redis!.image.ref, postgres: postgres!.image.ref };
  };
  const without = (...names: string[]) => ({
    ...cluster().overrides,
    "cluster-storage:services": {
      ...servicesOf(),
      ...Object.fromEntries(["taskflow", "taskflow-db", ...names].map((name) => [name, undefined])),
    },
  });
  const apply = (items: object[]) => kubectl(["apply", "-f", "-"], { apiVersion: "v1", kind: "List", items });
  async function cleanAll(): Promise<void> {
    const rest = namespaces.map((name) => `namespace/${name}`);
    await kubectl(["delete", ...rest, "--ignore-not-found", "--wait=false"]);
    await clean();
    await kubectl(["wait", "--for=delete", ...rest, "--timeout=120s"]);
  }

  before("nothing of an earlier stack", async function () {
    this.timeout(240_000);
    await cleanAll();
  });
  after(cleanAll);

  it("looks at each volume and each scaled-down workload, and says all that is wrong at once", async function () {
    this.timeout(240_000);
    const refs = Object.fromEntries(Object.entries(servicesOf()).map(([name, { image }]) => [name, image.ref]));
    await apply(refusedManifests(images(), cluster().volumes, refs));
    await until("the volumes are filled", async () => {
      const { items } = await kube().core.listPodForAllNamespaces({ labelSelector: "app=writer" });
      return items.length === 7 && items.every(({ status }) => status?.phase === "Succeeded");
    });
    await writeConfig(cluster().target.stack, without());
    const { exitCode, printed } = await adopt("--yes");
    assert.equal(exitCode, 1, printed);
    const faults = printed.split("\n").filter((line) => /^- (?!Secret)/.test(line));
    const begins = faults.map((line) => line.split("; ")[0]).sort();
    assert.deepEqual(begins, [
      "- Deployment local-ai-data/postgres: it is PostgreSQL 16, and PostgreSQL 17 can't open its files",
      "- Deployment local-ai-data/vectors: its image pgvector/pgvector:pg15 is not the official one, so which " +
        "PostgreSQL and which extensions wrote its data can't be told",
      "- Deployment local-ai-flowise/flowise: DATABASE_HOST is db.example.org, and " +
        "postgres.local-ai-data.svc.cluster.local in the stack: its data is not where the service looks, so it would " +
        "start empty",
      "- Deployment local-ai-n8n/n8n: DB_TYPE is not set, so its data is in SQLite, in its files, and the service " +
        "keeps " +
        "it in PostgreSQL and would start empty",
      "- PersistentVolumeClaim local-ai-data/neo4j-data: its data is in its root, and neo4j looks in the directory " +
        "data",
      "- PersistentVolumeClaim local-ai-data/postgres-data: its data is in the directory main, and postgres looks in " +
        "its root, in pgdata and in NUMBER/docker",
      "- PersistentVolumeClaim local-ai-data/qdrant-data: its data is in its root, and qdrant looks in the directory " +
        "storage",
      "- PersistentVolumeClaim local-ai-n8n/n8n-data: database.sqlite is on it, and n8n keeps its data in PostgreSQL " +
        "and would start empty",
      "- PersistentVolumeClaim local-ai-search/searxng-data: its data is in its root, and searxng looks in the " +
        "directory config",
      "- PersistentVolumeClaim local-ai-system/redis-data: its files belong to user 1001, and redis runs as user 999",
    ]);
    assert.ok(
      faults.some((line) => line.endsWith("; set services.redis.uid to 1001")),
      printed,
    );
    const { items } = await kube().core.listPodForAllNamespaces({
      labelSelector: "app.kubernetes.io/name=cluster-storage-look",
    });
    assert.deepEqual(items, [], "the pods that looked are gone");
    const claim = await kube().core.readNamespacedPersistentVolumeClaim({
      name: "redis-data",
      namespace: "local-ai-system",
    });
    assert.equal(claim.metadata?.annotations?.["cluster-storage/stack"], undefined);
    await cleanAll();
  });

  it("finds the database of an image from version 18 on, and quotes a password", async function () {
    this.timeout(400_000);
    await apply(runningManifests(images(), cluster().volumes, password));
    const db = { namespace: "local-ai-data", kind: "Deployment", workload: "db" } as const;
    const asked = (statement: string) => inPod(db, "main", ["psql", "-U", "app", "-d", "postgres", "-Atc", statement]);
    // The server of the first start answers by the socket too, and stops in between.
    await until(
      "the first server is up",
      async () => (await asked("create table if not exists kept as select 'since-before' as text")) === "SELECT 1",
    );
    await writeConfig(cluster().target.stack, without("flowise", "n8n", "neo4j", "qdrant", "searxng"));
    const refused = await adopt("--yes");
    assert.equal(refused.exitCode, 1, refused.printed);
    const administrator =
      "- Deployment local-ai-data/db: its administrator is app, and the service postgres works as postgres; while it " +
      "runs, make that role with the same password: kubectl -n local-ai-data exec -it deployment/db -- psql -U app ";
    assert.ok(refused.printed.includes(administrator), refused.printed);
    assert.match(
      refused.printed,
      /Deployment db uses it, which the stack doesn't have; stop it: kubectl -n local-ai-data /,
    );
    const role = await asked(`create role postgres superuser login password '${password.replace("'", "''")}'`);
    assert.equal(role, "CREATE ROLE");
    assert.equal(await asked("show data_directory"), "/var/lib/postgresql/17/docker");
    assert.equal(await asked("select text from kept"), "since-before");
    await kubectl(["-n", "local-ai-data", "delete", "deployment", "db", "--cascade=foreground"]);
    const adopted = await adopt("--yes");
    assert.equal(adopted.exitCode, 0, adopted.printed);
    await up(cluster().target.stack, () => undefined);
    assert.equal(await sql(password, "show data_directory"), "/var/lib/postgresql/data/17/docker");
    assert.equal(await sql(password, "select text from kept"), "since-before");
    assert.equal(await inPod(redis, "redis", ["redis-cli", "ping"]), "PONG");
    assert.equal(await inPod(redis, "redis", ["env", `REDISCLI_AUTH=${password}`, "redis-cli", "ping"]), "PONG");
  });
});
