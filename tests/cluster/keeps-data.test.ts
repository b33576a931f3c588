import assert from "node:assert/strict";
import type { Overrides } from "../../ops/overrides";
import { pulumiWith } from "./cli";
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
    assert.deepEqual(Object.entries(found).sort(), names.map((name) => [name, record.value]));
  };

  const claim = (name: string) => `kubernetes:core/v1:PersistentVolumeClaim::${name}`;
  const protectedOne = (name: string) => new RegExp(`resource "urn:\\S+\\$${claim(name)}" cannot be deleted\\s+because it is protected`);
  const refusals: { title: string; change: Overrides; because: RegExp }[] = [
    { title: "a service is removed", change: { [services]: { searxng: undefined } }, because: protectedOne("searxng-data") },
    { title: "a service with a claim template is removed", change: { [services]: { taskflow: undefined, "taskflow-db": undefined } }, because: protectedOne("postgres-data-taskflow-db-0") },
    { title: "a claim gets another name", change: { [services]: { redis: { claim: "other" } } }, because: protectedOne("redis-data") },
    { title: "a claim gets another class", change: { [services]: { redis: { class: "" } } }, because: new RegExp(`unable to replace resource "urn:\\S+\\$${claim("redis-data")}"\\s+as it is currently marked for protection`) },
    { title: "a service moves to another namespace", change: { [services]: { searxng: { namespace: "elsewhere" } } }, because: /Namespace::local-ai-search" cannot be deleted\s+because it is protected/ },
    { title: "a claim shrinks", change: { [services]: { redis: { size: "512Mi" } } }, because: /PersistentVolumeClaim "redis-data" is invalid: spec\.resources\.requests\.storage: Forbidden: field can not be less than status\.capacity/ },
  ];
  for (const { title, change, because } of refusals) {
    it(`is refused in preview, with nothing touched: ${title}`, async () => {
      const [before, state] = [await fingerprint(cluster().kube), await stateText(cluster())];
      const { exitCode, printed } = await pulumiWith(cluster(), change, ["preview"]);
      assert.notEqual(exitCode, 0);
      assert.match(printed, because);
      assert.deepEqual(await fingerprint(cluster().kube), before);
      assert.equal(await stateText(cluster()), state);
    });
  }

  it("survives run: false, which takes the workload away and nothing else, and true again", async () => {
    const before = await stackObjects(cluster().kube);
    const off = await pulumiWith(cluster(), { [services]: { redis: { run: false } } }, ["up", "--yes", "--skip-preview"]);
    assert.equal(off.exitCode, 0, off.printed);
    const after = await stackObjects(cluster().kube);
    const gone = [...before.keys()].filter((name) => !after.has(name));
    assert.deepEqual(gone.sort(), ["Deployment local-ai-system/redis", "NetworkPolicy local-ai-system/redis", "Service local-ai-system/redis", "ServiceAccount local-ai-system/redis"]);
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
    assert.match(printed, protectedOne("postgres-data"));
    assert.match(printed, /pulumi state unprotect 'urn:/);
    assert.deepEqual(await fingerprint(cluster().kube), before);
    assert.equal(await stateText(cluster()), state);
  });

  it("survives a destroy that skipped its preview: claims, passwords and namespaces stay, and the next update finds them", async () => {
    const before = await stackObjects(cluster().kube);
    const { exitCode } = await pulumiWith(cluster(), {}, ["destroy", "--yes", "--skip-preview"]);
    assert.notEqual(exitCode, 0);
    const after = await stackObjects(cluster().kube);
    const kept = (objects: typeof before) => [...objects].filter(([name]) => /^(PersistentVolumeClaim|Secret (?!.*-database-)|Namespace (?!local-path))/.test(name)).map(([name, { metadata }]) => `${name} ${metadata?.uid}`).sort();
    assert.ok(kept(before).length > 20);
    assert.deepEqual(kept(after), kept(before));
    await deployStack(cluster());
    await intact();
  });
});
