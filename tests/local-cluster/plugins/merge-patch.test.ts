import assert from "node:assert/strict";
import { mergePatch } from "../../../local-cluster/plugins/kubernetes/merge-patch";

describe("merge patch", () => {
  it("has what changed, came and went, and nothing else", () => {
    const before = { same: { a: 1 }, changed: { a: 1, b: 2 }, gone: 1, list: [1, 2] };
    const after = { same: { a: 1 }, changed: { a: 1, b: 3 }, list: [1], added: { c: 1 } };
    assert.deepEqual(mergePatch(before, after), { changed: { b: 3 }, gone: null, list: [1], added: { c: 1 } });
  });
});
