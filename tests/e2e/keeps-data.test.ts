import assert from "node:assert/strict";
import type { Overrides } from "../../ops/pulumi/overrides";
import { pulumiWith, stackError } from "./cli";
import { deployStack, useDeployedStack } from "./fixture";
import { fingerprint, stackObjects } from "./objects";
import { readRecords, stateText, writeRecords } from "./state";

const services = "cluster-storage:services";
const record = { key: `keeps-${Date.now().toString(36)}`, value: "still-here" };
const all = ["flowise", "n8n", "neo4j", "postgres", "qdrant", "redis", "searxng", "taskflow", "taskflow-db"];

describe("data that a change of the config could cost", () => {
  const cluster = useDeployedStack();

  before("a record in every service", async function () {
    this.timeout(300_000);
    await writeRecords(cluster(), record);
  });
  const intact = async (names = all) => {
    const found = await readRecords(cluster(), record);
    assert.deepEqual(
      Object.entries(found).sort(),
      names.map((name) => [name, record.value]),
    );
  };

  const left = (claim: string, namespace: string, service: string) =>
    `claim ${claim} in namespace ${namespace} is not in the config any more; undo the change of its name, ` +
    `namespace or generation, or list it under kept; npm run release -- ${service} gives up a kept volume`;
  const gone = (claim: string, namespace: string, service: string) =>
    `is gone from the config, but its claim ${claim} is in namespace ${namespace}; to take the service out ` +
    `and keep its data, leave services.${service} in and set run: false`;
  const refusals: { title: string; change: Overrides; because: string[] }[] = [
    {
      title: "a service is removed",
      change: { [services]: { searxng: undefined } },
      because: [`services.searxng: ${gone("searxng-data", "local-ai-search", "searxng")}`],
    },
    {
      title: "services with a claim template and with several claims are removed",
      change: { [services]: { taskflow: undefined, "taskflow-db": undefined } },
      because: [
        `services.taskflow: ${gone("app-storage", "taskflow", "taskflow")}`,
        `services.taskflow: ${gone("logs-storage", "taskflow", "taskflow")}`,
        `services.taskflow-db: ${gone("postgres-data-taskflow-db-0", "taskflow", "taskflow-db")}`,
      ],
    },
    {
      title: "a claim gets another name",
      change: { [services]: { redis: { claim: "other" } } },
      because: [`services.redis: ${left("redis-data", "local-ai-system", "redis")}`],
    },
    {
      title: "a claim gets another class",
      change: { [services]: { redis: { class: "" } } },
      because: [
        "services.redis: claim redis-data has its data on class \"local-path\", and a claim's class can't be " +
          "changed; move the data: npm run move -- redis --to BACKEND",
      ],
    },
    {
      title: "a service moves to another namespace",
      change: { [services]: { searxng: { namespace: "elsewhere" } } },
      because: [`services.searxng: ${left("searxng-data", "local-ai-search", "searxng")}`],
    },
    {
      title: "a claim shrinks",
      change: { [services]: { redis: { size: "512Mi" } } },
      because: [
        "services.redis.size: 512Mi is less than the 1Gi of claim redis-data, and a volume can't shrink; set size: " +
          "1Gi, also where somebody grew the claim with kubectl, or move the data to another volume: npm run move -- " +
          "redis --size 512Mi",
      ],
    },
    {
      title: "a claim grows that can't",
      change: { [services]: { redis: { size: "2Gi" } } },
      because: [
        'services.redis.size: 2Gi is more than the 1Gi of claim redis-data, and its class "local-path" can\'t ' +
          "grow a volume; move the data to another volume: npm run move -- redis --size 2Gi",
      ],
    },
    {
      title: "a generation is named that nobody keeps",
      change: { [services]: { redis: { generation: 2 } } },
      because: [`services.redis: ${left("redis-data", "local-ai-system", "redis")}`],
    },
  ];
  for (const { title, change, because } of refusals) {
    it(`is refused in preview, with nothing touched: ${title}`, async () => {
      const [before, state] = [await fingerprint(cluster().kube), await stateText(cluster())];
      const { exitCode, printed } = await pulumiWith(cluster(), change, ["preview"]);
      assert.notEqual(exitCode, 0);
      const count = because.length === 1 ? "1 fault" : `${because.length} faults`;
      assert.equal(
        stackError(printed),
        [
          `the config of stack "dev" has ${count}, so nothing was changed:`,
          ...because.map((line) => `  cluster-storage:${line}`),
        ].join("\n"),
      );
      assert.deepEqual(await fingerprint(cluster().kube), before);
      assert.equal(await stateText(cluster()), state);
    });
  }

  it("survives run: false, which takes the workload away and nothing else, and true again", async () => {
    const before = await stackObjects(cluster().kube);
    const off = await pulumiWith(cluster(), { [services]: { redis: { run: false } } }, [
      "up",
      "--yes",
      "--skip-preview",
    ]);
    assert.equal(off.exitCode, 0, off.printed);
    const after = await stackObjects(cluster().kube);
    const gone = [...before.keys()].filter((name) => !after.has(name));
    assert.deepEqual(gone.sort(), [
      "Deployment local-ai-system/redis",
      "NetworkPolicy local-ai-system/redis",
      "Service local-ai-system/redis",
      "ServiceAccount local-ai-system/redis",
    ]);
    for (const name of ["PersistentVolumeClaim local-ai-system/redis-data", "Secret local-ai-system/redis"]) {
      assert.equal(after.get(name)?.metadata?.uid, before.get(name)?.metadata?.uid);
    }
    await deployStack(cluster());
    await intact();
  });

  it("is refused as a whole by destroy, with nothing touched", async () => {
    const [before, state] = [await fingerprint(cluster().kube), await stateText(cluster())];
    const { exitCode, printed } = await pulumiWith(cluster(), {}, ["destroy", "--yes"]);
    assert.notEqual(exitCode, 0);
    assert.match(
      printed,
      new RegExp(
        String.raw`resource "urn:\S+\$kubernetes:core\/v1:PersistentVolumeClaim::postgres-data" cannot ` +
          String.raw`be deleted\s+because it is protected`,
      ),
    );
    assert.match(printed, /pulumi state unprotect 'urn:/);
    assert.deepEqual(await fingerprint(cluster().kube), before);
    assert.equal(await stateText(cluster()), state);
  });

  it(
    "survives a destroy that skipped its preview: claims, passwords and namespaces stay, and the next update " +
      "finds them",
    async () => {
      const before = await stackObjects(cluster().kube);
      const { exitCode } = await pulumiWith(cluster(), {}, ["destroy", "--yes", "--skip-preview"]);
      assert.notEqual(exitCode, 0);
      const after = await stackObjects(cluster().kube);
      const kept = (objects: typeof before) =>
        [...objects]
          .filter(([name]) => /^(PersistentVolumeClaim|Secret (?!.*-database-)|Namespace (?!local-path))/.test(name))
          .map(([name, { metadata }]) => `${name} ${metadata?.uid}`)
          .sort();
      assert.ok(kept(before).length > 20);
      assert.deepEqual(kept(after), kept(before));
      await deployStack(cluster());
      await intact();
    },
  );
});
