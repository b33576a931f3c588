import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { consoleProgress } from "../../local-cluster/progress";
import { ensureTestTools, ensureTools } from "../../local-cluster/tools";
import { versions } from "../../local-cluster/versions";
import { skip } from "../skip";
import { startApi, type BareApi } from "./api-server";
import { kubeconform, kubeScore, withoutExceptions, type Exception, type Finding, type Manifest } from "./checkers";
import { committedConfig, objectsOf, planOf } from "./objects";
import { writeSchemas } from "./schemas";

const stacks = ["dev", "prod", "prod, encrypted"];

/** The objects of a committed stack; with `encrypted` after its name, of that with every connection encrypted. */
async function objectsIn(name: string): Promise<Manifest[]> {
  const [stack = "", encrypted] = name.split(", ");
  const tls = encrypted ? { "cluster-storage:tls": { default: true } } : {};
  return objectsOf(planOf(stack, { ...(await committedConfig(stack)), ...tls }));
}

const configMap = (fields: object): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "sample", namespace: "n" },
  ...fields,
});

/** Each is refused, so that the checks are known to check. */
const broken: { what: string; object: Manifest; message: string }[] = [
  {
    what: "an unknown field",
    object: configMap({ dato: {} }),
    message: "at '': additional properties 'dato' not allowed",
  },
  {
    what: "an unknown field far inside",
    object: pod({ securityContext: { runAsNonRot: true } }),
    message: "at '/spec/containers/0/securityContext': additional properties 'runAsNonRot' not allowed",
  },
  {
    what: "a wrong type",
    object: configMap({ immutable: "yes" }),
    message: "at '/immutable': got string, want boolean",
  },
  { what: "a missing field", object: { ...pod({}), spec: {} }, message: "at '/spec': missing property 'containers'" },
  {
    what: "an unknown kind",
    object: { ...configMap({}), kind: "ConfigMop" },
    message: "could not find schema for ConfigMop",
  },
  {
    what: "an unknown version",
    object: { ...configMap({}), apiVersion: "v9" },
    message: "could not find schema for ConfigMap",
  },
];

function pod(fields: object): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "sample", namespace: "n" },
    spec: { containers: [{ name: "main", image: "redis:7.4.11-bookworm", ...fields }] },
  };
}

describe("manifests", function () {
  this.timeout(1_800_000);
  let bin: string;
  let scratch: string;
  let schemas: string;
  let api: BareApi | undefined;
  const objects = new Map<string, Manifest[]>();
  let exceptions: Exception[];
  const scored = new Map<string, Finding[]>();

  before(async function () {
    if (process.platform !== "linux") skip(this, "there is a kube-apiserver for Linux only");
    const progress = consoleProgress();
    const tools = await ensureTools(progress);
    ({ bin } = await ensureTestTools(progress));
    scratch = await mkdtemp(join(tmpdir(), "cluster-storage-schemas-"));
    exceptions = parse(await readFile(join(__dirname, "exceptions.yaml"), "utf8")) as Exception[];
    for (const stack of stacks) objects.set(stack, await objectsIn(stack));
    api = await startApi(tools.bin);
    schemas = await writeSchemas(api, [...objects.values(), broken.map(({ object }) => object)].flat(), scratch);
    for (const [stack, its] of objects) scored.set(stack, await kubeScore(bin, versions.kubernetes, its));
  });

  after(async () => {
    await api?.stop();
    if (scratch) await rm(scratch, { recursive: true, force: true });
  });

  it("take the schemas from the pinned version of the API server", async () => {
    assert.equal((await api!.get<{ gitVersion: string }>("/version")).gitVersion, `v${versions.kubernetes}`);
  });

  for (const stack of stacks) {
    it(`of ${stack}: every claim of the stack is among them`, () => {
      const claims = objects
        .get(stack)!
        .filter(({ kind }) => kind === "PersistentVolumeClaim")
        .map(({ metadata }) => metadata.name);
      for (const service of ["redis", "flowise", "searxng", "postgres", "qdrant", "neo4j", "n8n"])
        assert.ok(claims.includes(`${service}-data`), `no claim ${service}-data among ${claims.join(", ")}`);
    });

    it(`of ${stack} fit the API server's own schemas, and have no unknown field`, async () => {
      assert.deepEqual(await kubeconform(bin, schemas, objects.get(stack)!), []);
    });

    it(`of ${stack} have nothing that kube-score warns of, but for the exceptions`, () => {
      assert.deepEqual(withoutExceptions(scored.get(stack)!, exceptions).left, []);
    });
  }

  it("need every exception that is written down, and each has a reason", () => {
    assert.deepEqual(withoutExceptions([...scored.values()].flat(), exceptions).unused, []);
    assert.deepEqual(
      exceptions.filter(({ reason }) => !reason?.trim()),
      [],
    );
  });

  for (const { what, object, message } of broken) {
    it(`with ${what} are refused by the schemas`, async () => {
      const refused = await kubeconform(bin, schemas, [configMap({ data: { n: "yes" } }), object]);
      assert.deepEqual(refused, [{ checker: "kubeconform", object: `${object.kind}/sample`, rule: "schema", message }]);
    });
  }

  it("with a privileged container or a moving tag are refused by kube-score", async () => {
    const found = await kubeScore(bin, versions.kubernetes, [
      pod({ image: "redis:latest", securityContext: { privileged: true } }),
    ]);
    const left = withoutExceptions(found, exceptions).left.map(
      ({ object, rule, message }) => `${object} ${rule}: ${message}`,
    );
    for (const expected of [
      "Pod/n/sample container-image-tag: Image with latest tag (main)",
      "Pod/n/sample container-security-context-privileged: The container is privileged (main)",
    ]) {
      assert.ok(left.includes(expected), `not "${expected}" among\n${left.join("\n")}`);
    }
  });
});
