import assert from "node:assert/strict";
import { backendTypes } from "../../backends/catalogue";
import { Storage } from "../../components/storage";
import type { ClassFacts } from "../../model/facts";
import { settle } from "../../plan/cluster";
import { classFacts } from "../facts";
import { planOf } from "../stack";
import { dependencies, names, one, record, type Recorded } from "./recorded";

function create(classes: ClassFacts[] = []): Promise<Recorded[]> {
  const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: {}`);
  const settled = settle(plan, { classes, claims: [] }).plan;
  return record((opts) => void new Storage("storage", { ...settled, types: backendTypes }, opts));
}

describe("what is done when the storage goes", () => {
  const command = (all: Recorded[], name: string) => {
    const found = one(all, "Command", name);
    const { create: created, delete: deleted, environment } = found.inputs;
    assert.equal(created, undefined);
    assert.equal(deleted, "node ops/run.mjs at-destroy");
    return JSON.parse(environment.CLUSTER_STORAGE_AT_DESTROY as string) as object;
  };

  it("is a wait for the volumes, before their provisioner and their class go", async () => {
    const all = await create();
    assert.deepEqual(command(all, "local-path-volumes"), {
      task: "await-volumes",
      context: "minikube",
      classes: ["local-path"],
    });
    assert.deepEqual(dependencies(one(all, "Command", "local-path-volumes")), [
      "LocalPathProvisioner local-path",
      "StorageClasses classes",
    ]);
    assert.deepEqual(names(all, "Command"), ["local-path-volumes"]);
  });

  it("gives the default flag back, after the stack's own class and the patch went", async () => {
    const all = await create([classFacts("standard", { isDefault: true })]);
    assert.deepEqual(command(all, "default-flag"), {
      task: "give-back-default",
      context: "minikube",
      classes: ["standard"],
    });
    for (const [kind, name] of [
      ["StorageClassPatch", "standard-not-default"],
      ["StorageClass", "local-path"],
    ] as const)
      assert.deepEqual(dependencies(one(all, kind, name)), ["Command default-flag"]);
  });
});
