import assert from "node:assert/strict";
import { withVelero } from "../golden-plan";
import { config } from "../plan/moves-fixture";
import { deployConfig } from "./deployed";
import type { Loose, Recorded } from "./recorded";

const services = `redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi }],
      podAnnotations: { example.com/scrape: "true" } }
    searxng: { size: 1Gi, velero: false }`;
// Of `searxng` nothing but the setting is taken away, which is refused where the switch is off.
const plain = config(services.replace(", velero: false", ""));

const find = (all: Recorded[], kind: string, name: string): Loose => {
  const found = all.find((each) => each.type.endsWith(`:${kind}`) && each.name === name);
  assert.ok(found, `${kind} ${name}`);
  return found.inputs as Loose;
};

describe("what is written for Velero", () => {
  const key = "velero.io/exclude-from-backup";
  const keys = (deployment: Loose) => Object.keys((deployment.spec.template.metadata.annotations ?? {}) as object);

  it("is on the pods, and on the claims that it shall leave out", async () => {
    const all = await deployConfig(withVelero(`${config(services)}\n`));
    assert.deepEqual(
      keys(find(all, "Deployment", "redis"))
        .filter((each) => !each.includes("hook"))
        .sort(),
      [
        "backup.velero.io/backup-volumes",
        "backup.velero.io/backup-volumes-excludes",
        "cluster-storage/secrets",
        "example.com/scrape",
      ],
    );
    const label = (claim: string) => find(all, "PersistentVolumeClaim", claim).metadata.labels[key] as unknown;
    assert.deepEqual(["redis-data-2", "redis-data", "searxng-data"].map(label), [undefined, "true", "true"]);
    assert.deepEqual(
      keys(find(all, "Deployment", "searxng")).filter((each) => each.includes("velero")),
      ["backup.velero.io/backup-volumes-excludes"],
    );
  });

  it("is nowhere without the switch", async () => {
    const written = (await deployConfig(plain)).filter(({ type }) => /:(Deployment|PersistentVolumeClaim)$/.test(type));
    assert.equal(written.length, 7, "two services, two provisioners, three claims");
    assert.doesNotMatch(JSON.stringify(written.map(({ inputs }) => inputs)), /velero\.io/);
  });
});
