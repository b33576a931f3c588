import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { schemaFile, schemaFiles } from "../../ops/schema/files";
import { root } from "../stack";

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Faults between entries, which a schema can't see. */
const unseen = new Set(
  `
  access-mode-many-on-local-path access-namespace-without-services
  access-mode-not-of-existing-class access-mode-read-only-on-local-path
  backend-default-missing backend-default-twice backend-unknown ceph-disks-missing ceph-disks-named-twice
  ceph-disks-of-too-few-nodes chart-misnamed chart-values-that-lose-data
  ceph-files-for-qdrant ceph-key-without-install claim-name-twice-in-a-service
  claim-name-twice class-beside-backend class-name-twice class-unknown cleanup-on-single-pod-volume
  cpu-limit-below-request
  existing-share-for-qdrant install-twice longhorn-access-mode longhorn-backup-job-without-target
  longhorn-backup-secret longhorn-key-without-install longhorn-shared-for-qdrant
  longhorn-single-copy-many-replicas lvm-access-mode memory-limit-below-request namespace-of-a-backend
  namespace-of-longhorn namespace-of-the-cluster needed-secret-elsewhere needed-service-missing
  needed-service-not-running nfs-for-qdrant node-of-a-class-nobody-knows node-of-a-kept-volume
  node-of-a-volume-made-by-hand node-of-a-volume-on-every-node node-of-an-ephemeral-volume node-of-static-volumes
  node-that-keeps-volumes-off node-where-no-class-is-named node-without-a-directory nodes-of-one-service-differ
  path-missing path-twice reaches-absent-service reaches-unknown-service static-access-mode static-directory-twice
  egress-entries service-front-keys
  setting-args
  setting-env-of-the-catalogue setting-volume-places static-too-small static-volume-missing version-vulnerable
  velero-annotations-taken velero-switched-off
`
    .trim()
    .split(/\s+/),
);

describe("JSON Schema of a stack file", () => {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(read(schemaFile)) as object);
  const wrongWith = (text: string): string[] => {
    // A fixture says beside its config what has to come of it.
    const { claims: _, faults: __, ...file } = parse(text) as Record<string, unknown>;
    void validate(file);
    return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
  };
  const stackFiles = [
    ...readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file)),
    ...readdirSync(join(root, "examples")).map((name) => join("examples", name, `Pulumi.${name}.yaml`)),
  ];

  it("and the tables of its page are what npm run schema writes", async () => {
    for (const [file, text] of await schemaFiles("cluster-storage"))
      assert.equal(read(file), text, `${file} is not what the code says; npm run schema writes it`);
  });

  for (const file of stackFiles) {
    it(`takes ${file}, whose first line names it`, () => {
      const up = file.includes("/") ? "../../" : "";
      assert.equal(read(file).split("\n")[0], `# yaml-language-server: $schema=${up}config/stack.schema.json`);
      assert.deepEqual(wrongWith(read(file)), []);
    });
  }

  const fixtures = (kind: string) =>
    readdirSync(join(root, "tests", "fixtures", kind)).map((file) => ({
      rule: file.replace(/\.yaml$/, ""),
      text: read(join("tests", "fixtures", kind, file)),
    }));

  for (const { rule, text } of fixtures("valid")) it(`takes ${rule}`, () => assert.deepEqual(wrongWith(text), []));

  for (const { rule, text } of fixtures("invalid"))
    it(`${unseen.has(rule) ? "can't see what is wrong with" : "refuses"} ${rule}`, () =>
      assert.equal(wrongWith(text).length > 0, !unseen.has(rule)));

  it("knows what Pulumi itself writes into the file, and no other key", () => {
    const file = read("Pulumi.dev.yaml");
    assert.deepEqual(wrongWith(`encryptionsalt: v1:x\nsecretsprovider: passphrase\n${file}`), []);
    assert.deepEqual(wrongWith(`confg: {}\n${file}`), [" should NOT have additional properties"]);
    assert.deepEqual(wrongWith(file.replace("cluster-storage:services:", "cluster-storage:servces:")), [
      ".config should NOT have additional properties",
      ".config should have required property 'cluster-storage:services'",
    ]);
  });

  it("has the levels and settings of the policies", () => {
    const policy = (text: string) => wrongWith(`${read("Pulumi.dev.yaml")}  cluster-storage:policy: ${text}\n`);
    assert.deepEqual(
      policy("{ protected-claim: advisory, reclaim-policy: { enforcementLevel: disabled, others: [Retain] } }"),
      [],
    );
    assert.notDeepEqual(policy("{ protected-clam: advisory }"), []);
    assert.notDeepEqual(policy("{ protected-claim: sometimes }"), []);
    assert.notDeepEqual(policy("{ probes: { livenes: true } }"), []);
  });
});
