import assert from "node:assert/strict";
import { Secret, type Properties } from "../../../local-cluster/plugins/protocol/values";
import { identity, outcome } from "./diff-outcome";

describe("names and namespaces", () => {
  it("another name replaces, and the new object can be there before the old one goes", async () => {
    const after = { metadata: { ...identity, name: "y" } };
    assert.deepEqual(await outcome("v1/Namespace", {}, after), {
      replaces: ["metadata.name"],
      updates: [],
      deleteBeforeReplace: false,
    });
  });

  it("an autonamed object is replaced without being deleted first", async () => {
    const metadata = { ...identity, annotations: { "pulumi.com/autonamed": "true" } };
    const result = await outcome("v1/ConfigMap", { metadata, data: { k: "a" } }, { metadata, data: { k: "b" } });
    assert.deepEqual(result, { replaces: ["data.k"], updates: [], deleteBeforeReplace: false });
  });

  it("no namespace and the namespace default are the same", async () => {
    const live = { metadata: { name: "x", namespace: "default" } };
    const result = await outcome(
      "v1/ConfigMap",
      { metadata: { name: "x" } },
      { metadata: { name: "x", namespace: "default" } },
      { live },
    );
    assert.deepEqual(result, { replaces: [], updates: [], deleteBeforeReplace: false });
  });
});

describe("what is no change", () => {
  it("the same quantity written otherwise", async () => {
    const size = (storage: string): Properties => ({ spec: { resources: { requests: { storage } } } });
    assert.deepEqual((await outcome("v1/PersistentVolumeClaim", size("1024Mi"), size("1Gi"))).updates, []);
    assert.deepEqual((await outcome("v1/PersistentVolumeClaim", size("1024Mi"), size("1G"))).updates, [
      "spec.resources.requests.storage",
    ]);
  });

  it("a Secret's stringData against the data that a refresh brought", async () => {
    const result = await outcome("v1/Secret", { data: { k: "YQ==" } }, { stringData: { k: new Secret("a") } });
    assert.deepEqual(result, { replaces: [], updates: [], deleteBeforeReplace: false });
  });

  it("what ignoreChanges names", async () => {
    const [before, after] = [{ spec: { replicas: 1, paused: false } }, { spec: { replicas: 2, paused: true } }];
    const result = await outcome("apps/v1/Deployment", before, after, { ignoreChanges: ["spec.replicas"] });
    assert.deepEqual(result.updates, ["spec.paused"]);
  });

  it("read-only metadata and status", async () => {
    const after = { metadata: { ...identity, uid: "u", resourceVersion: "1" }, status: { phase: "x" } };
    assert.deepEqual((await outcome("v1/Namespace", {}, after)).updates, []);
  });
});
