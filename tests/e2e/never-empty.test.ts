import assert from "node:assert/strict";
import { execa } from "execa";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { checkout } from "../../ops/pulumi/project";
import { redis, useBackedUp } from "./backed-up";
import { address, namespace, password } from "./backup-target";
import { readRecords, removeStack, until, writeRecords } from "./state";

const postgres = { namespace: "local-ai-data", name: "postgres-data" };

describe("a stack with backups in a cluster that has none of its volumes", () => {
  const { cluster, file, target, backUp, inRedis, inPostgres } = useBackedUp({ n8n: { size: "1Gi" } });
  let good = "";
  const withAddress = (url: string) => {
    const whole = parse(good) as { config: Record<string, { repository: object }> };
    const backups = whole.config["cluster-storage:backups"]!;
    backups.repository = { ...backups.repository, rest: { url } };
    return file().write(stringify(whole));
  };
  /** The pods of the stack's services that there are, of whatever kind. */
  const pods = async () => {
    const { items } = await cluster().kube.core.listPodForAllNamespaces();
    const names = items.flatMap(({ metadata: { name, labels } = {} }) =>
      ["redis", "postgres"].includes(labels?.["app.kubernetes.io/name"] ?? "") ? [name] : [],
    );
    return names;
  };
  const workloads = async () => {
    const [deployments, sets] = await Promise.all([
      cluster().kube.apps.listNamespacedDeployment({ namespace: redis.namespace }),
      cluster().kube.apps.listNamespacedStatefulSet({ namespace: postgres.namespace }),
    ]);
    return [...deployments.items, ...sets.items].map(({ metadata }) => metadata?.name);
  };

  /** What n8n's credentials are encrypted with. */
  const n8nKey = async () => {
    const secret = await cluster().kube.core.readNamespacedSecret({ name: "n8n", namespace: "local-ai-n8n" });
    return secret.data?.["encryption-key"];
  };

  before(
    "a record in each, points of both, and the loss of the cluster's objects, its volumes and the state",
    async function () {
      this.timeout(600_000);
      await inRedis("set", "before", "the loss");
      await inPostgres("create table numbers as select 42 as number");
      await backUp();
      good = await file().read();
      await removeStack(cluster(), namespace);
    },
  );

  it("starts no pod where the address is mistyped, and makes no repository there", async function () {
    this.timeout(300_000);
    const wrong = `${address}-mistyped`;
    await withAddress(wrong);
    await assert.rejects(file().deploy(), (error: Error) => {
      assert.match(error.message, new RegExp(`^there is no repository at ${wrong}, and none was made\\.`));
      return true;
    });
    assert.deepEqual([await pods(), await workloads()], [[], []]);
    await assert.rejects(target().shell(`restic -r rest:${wrong} cat config --no-lock`), /repository does not exist/);
  });

  it("starts no pod by pulumi up itself, whose new passwords are not those of the data", async function () {
    this.timeout(300_000);
    await file().write(good);
    await assert.rejects(file().up(), (error: Error) => {
      const said =
        "postgres-data was not filled from the newest point of cluster-storage/dev/postgres, so postgres is not " +
        "started: point POINT was made with another password than the Secret local-ai-data/postgres has, and " +
        "postgres could not read its data. The stack has to have the point's own first: npm run restore -- --all " +
        "brings it, and fills the volumes";
      assert.ok(error.message.replaceAll(/point [0-9a-f]{8}/g, "point POINT").includes(said), error.message);
      return true;
    });
    assert.ok(!(await workloads()).includes("postgres"));
  });

  it("has every record before the first start, by one command", async function () {
    this.timeout(300_000);
    const { exitCode, stdout, printed } = await file().run("restore", "--all", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.match(stdout, /^postgres +postgres-data +[0-9a-f]{8} +2\d{3}-/m);
    assert.equal(await inRedis("get", "before"), "the loss");
    const claim = await cluster().kube.core.readNamespacedPersistentVolumeClaim(postgres);
    assert.match(claim.metadata?.annotations?.["cluster-storage/moved"] ?? "", /"from":"point [0-9a-f]{64}"/);
    assert.equal(await until("PostgreSQL answers", () => inPostgres("select number from numbers")), "42");
  });

  it("changes nothing in the next update, and what was written since stays", async function () {
    this.timeout(300_000);
    await inRedis("set", "since", "the fill");
    await file().deploy();
    assert.deepEqual([await inRedis("get", "since"), await inRedis("get", "before")], ["the fill", "the loss"]);
    const { items } = await cluster().kube.core.listNamespacedSecret({ namespace: redis.namespace });
    assert.ok(!items.some(({ metadata }) => metadata?.name?.includes("repository")));
  });

  it("comes back from the repository and its password alone, by the page's own script", async function () {
    this.timeout(600_000);
    const { stack } = cluster().target;
    const record = { key: "cluster-storage-check-disaster", value: "before the end" };
    await writeRecords(cluster(), record);
    const key = await n8nKey();
    const { exitCode, printed } = await file().run("backup");
    assert.equal(exitCode, 0, printed);
    await removeStack(cluster(), namespace);
    // State, passphrase, and all that an update has written.
    await rm(dirname(stack.home), { recursive: true });
    const page = await readFile(join(checkout, "docs/disaster.md"), "utf8");
    const [, script = assert.fail("no script")] = /^```bash\n# script: start\n([^]*?)^```/m.exec(page) ?? [];
    const ran = await execa("bash", ["-ec", script], {
      cwd: checkout,
      env: file().env,
      input: `${password}\n`,
      all: true,
      reject: false,
    });
    assert.equal(ran.exitCode, 0, ran.all);
    assert.deepEqual(Object.values(await readRecords(cluster(), record)), Array(3).fill("before the end"));
    assert.equal(await inPostgres("select number from numbers"), "42");
    assert.equal(await n8nKey(), key);
  });
});
