import assert from "node:assert/strict";
import { normalize, pruneTo } from "../../../local-cluster/plugins/kubernetes/normalize";
import { Secret } from "../../../local-cluster/plugins/protocol/values";

describe("inputs after a refresh", () => {
  it("have the cluster's values of the fields that the program set, and no others", () => {
    const live = { spec: { replicas: 3, paused: false }, status: { ready: 1 } };
    assert.deepEqual(pruneTo(live, { spec: { replicas: 1 } }), { spec: { replicas: 3 } });
  });

  it("lack what was taken away in the cluster", () => {
    assert.deepEqual(pruneTo({ metadata: {} }, { metadata: { labels: { a: "1" } } }), { metadata: {} });
  });

  it("keep what the API server does not show because it is empty", () => {
    const shape = { ingress: [], publish: false, selector: {}, count: 0, name: "" };
    assert.deepEqual(pruneTo({}, shape), shape);
  });

  it("go into lists of the same length, and take others as they are", () => {
    const shape = { list: [{ name: "a" }] };
    assert.deepEqual(pruneTo({ list: [{ name: "b", image: "i" }] }, shape), { list: [{ name: "b" }] });
    const longer = {
      list: [
        { name: "a", image: "i" },
        { name: "b", image: "i" },
      ],
    };
    assert.deepEqual(pruneTo(longer, shape), longer);
  });

  it("look through secrets", () => {
    assert.deepEqual(pruneTo({ data: { k: "x", other: "y" } }, { data: new Secret({ k: "w" }) }), { data: { k: "x" } });
  });
});

describe("inputs for comparing", () => {
  it("have a Secret's stringData as data, which it overrides", () => {
    const inputs = {
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "old", b: "Yg==" },
      stringData: { a: new Secret("a") },
    };
    assert.deepEqual(normalize(inputs), { apiVersion: "v1", kind: "Secret", data: { a: "YQ==", b: "Yg==" } });
  });
});
