import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { dependencies as named, deploy as deployMoved } from "./moved";
import { dependencies, names, one, type Loose, type Recorded } from "./recorded";

const containerOf = (all: Recorded[], name: string): Loose =>
  one(all, "StatefulSet", name).inputs.spec.template.spec.containers[0];
const refersTo = (all: Recorded[], name: string) =>
  (containerOf(all, name).env as Loose[]).filter(({ valueFrom }) => valueFrom?.configMapKeyRef);
const sized = (map: string, name: string) => ({
  name,
  valueFrom: { configMapKeyRef: { name: map, key: name, optional: true } },
});

/** All services at a size; `more`: further settings of each volume. */
const everything = (size: string, more = "") => {
  const volume = `size: ${size}${more}`;
  const single = ["redis", "flowise", "searxng", "postgres", "qdrant", "neo4j", "n8n", "taskflow-db"];
  const several = ["storage", "logs", "files"].map((claim) => `${claim}: { ${volume} }`).join(", ");
  return deploy(single.map((name) => `    ${name}: { ${volume} }\n`).join("") + `    taskflow: { ${several} }\n`);
};

describe("variables that follow the volume's size", () => {
  it("are in a ConfigMap of the service, which the pod starts without too", async () => {
    const all = await deploy("    postgres: { size: 2Gi }\n    neo4j: { size: 2Gi }");
    const { metadata, data } = one(all, "ConfigMap", "postgres-sizes").inputs;
    assert.deepEqual(metadata, {
      ...one(all, "ServiceAccount", "postgres").inputs.metadata,
      name: "postgres-sizes",
      annotations: { "cluster-storage/stack": "cluster-storage/test", "pulumi.com/patchForce": "true" },
    });
    assert.deepEqual(data, { POSTGRES_MAX_WAL_SIZE: "512MB" });
    assert.deepEqual(refersTo(all, "postgres"), [sized("postgres-sizes", "POSTGRES_MAX_WAL_SIZE")]);
    assert.deepEqual(one(all, "ConfigMap", "neo4j-sizes").inputs.data, {
      NEO4J_db_tx__log_rotation_size: "64m",
      NEO4J_db_tx__log_rotation_retention__policy: "256M size",
    });
    assert.deepEqual(refersTo(all, "neo4j"), [
      sized("neo4j-sizes", "NEO4J_db_tx__log_rotation_size"),
      sized("neo4j-sizes", "NEO4J_db_tx__log_rotation_retention__policy"),
    ]);
  });

  it("are in no ConfigMap where the config sets them all, nor where the service doesn't run", async () => {
    const own = "env: { NEO4J_db_tx__log_rotation_size: 32m, NEO4J_db_tx__log_rotation_retention__policy: 2 days }";
    const all = await deploy(`    postgres: { size: 2Gi, run: false }\n    neo4j: { size: 2Gi, ${own} }`);
    assert.deepEqual(
      names(all, "ConfigMap").filter((name) => name.endsWith("-sizes")),
      [],
    );
  });

  it("are all that a volume that grows in place changes, beside its claim", async () => {
    const kept = ", generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    for (const more of ["", kept]) {
      const objects = async (size: string) =>
        (await everything(size, more)).filter(({ type }) => type.startsWith("kubernetes:"));
      const [before, after] = [await objects("1Gi"), await objects("64Gi")];
      const id = ({ type, name }: Recorded) => `${type.split(":").at(-1)} ${name}`;
      const inputs = new Map(before.map((each) => [id(each), JSON.stringify(each.inputs)]));
      const changed = after.filter((each) => inputs.get(id(each)) !== JSON.stringify(each.inputs));
      assert.deepEqual(
        changed
          .map(id)
          .filter((name) => !name.startsWith("PersistentVolumeClaim "))
          .sort(),
        ["ConfigMap neo4j-sizes", "ConfigMap postgres-sizes", "ConfigMap taskflow-db-sizes", "StatefulSet taskflow-db"],
      );
      // The set's template of claims, of which no size is sent.
      const set = one(after, "StatefulSet", "taskflow-db");
      assert.deepEqual(set.opts.ignoreChanges, ["spec.volumeClaimTemplates[0].spec"]);
      assert.deepEqual(set.inputs.spec.template, one(before, "StatefulSet", "taskflow-db").inputs.spec.template);
    }
  });

  it("are there before the pod, and after the claim", async () => {
    const all = await deploy("    taskflow-db: { size: 1Gi }");
    assert.ok(dependencies(one(all, "StatefulSet", "taskflow-db")).includes("ConfigMap taskflow-db-sizes"));
    assert.ok(
      dependencies(one(all, "ConfigMap", "taskflow-db-sizes")).includes(
        "PersistentVolumeClaim postgres-data-taskflow-db-0",
      ),
    );
  });

  describe("where the data moves", () => {
    const [map, job] = ["postgres-sizes", "postgres-postgres-data-1-to-2"];
    const move = (from: string, to: string) =>
      deployMoved(`postgres: { size: ${to}, generation: 2, kept: [{ generation: 1, size: ${from} }] }`);
    const order = (all: Recorded[]) => {
      const move = all.find(({ type }) => type === "cluster-storage:index:Move")!;
      assert.ok(named(one(all, "StatefulSet", "postgres")).includes(map));
      return [named(move).includes(map), named(one(all, "ConfigMap", map)).includes(job)];
    };

    it("to a smaller volume, change before the move starts the service there", async () => {
      const all = await move("10Gi", "1Gi");
      assert.deepEqual(one(all, "ConfigMap", map).inputs.data, { POSTGRES_MAX_WAL_SIZE: "256MB" });
      assert.deepEqual(order(all), [true, false]);
    });

    it("to a larger one, change after it: a move that fails goes back to the smaller one", async () => {
      const all = await move("1Gi", "10Gi");
      assert.deepEqual(one(all, "ConfigMap", map).inputs.data, { POSTGRES_MAX_WAL_SIZE: "1024MB" });
      assert.deepEqual(order(all), [false, true]);
    });
  });
});
