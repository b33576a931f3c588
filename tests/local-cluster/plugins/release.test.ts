import assert from "node:assert/strict";
import { checkRelease, isRelease, previewRelease } from "../../../local-cluster/plugins/kubernetes/release";

const urn = "urn:pulumi:s::p::cluster-storage:index:Charts$kubernetes:helm.sh/v3:Release::longhorn";
const inputs = {
  name: "longhorn",
  namespace: "longhorn-system",
  chart: "longhorn",
  version: "1.12.1",
  values: { replicas: 3 },
};

describe("a Helm release, which the stand-in can't make", () => {
  const warnings: string[] = [];
  const context = { warnOnce: (text: string) => void warnings.push(text) };

  it("is told from other kinds", () => {
    assert.ok(isRelease(urn));
    assert.ok(!isRelease(urn.replace("helm.sh/v3:Release", "core/v1:Secret")));
  });

  it("is previewed with its inputs, and what it would make is said to be unknown", () => {
    assert.deepEqual(previewRelease({ urn, inputs, preview: true }, context), { id: "", outputs: inputs });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^what Helm charts make is unknown here: .* `up` needs the official plugin/);
  });

  it("is refused by an update, with what has it", () => {
    const message =
      "kubernetes:helm.sh/v3:Release is not supported by the stand-in kubernetes plugin of the local cluster; " +
      "the official plugin has it (pulumi plugin install resource kubernetes)";
    assert.throws(() => previewRelease({ urn, inputs, preview: false }, context), { message });
  });

  it("has to have a name, a place and a version that stay", () => {
    assert.deepEqual(checkRelease({ news: inputs }), inputs);
    assert.throws(() => checkRelease({ news: { ...inputs, version: "", namespace: undefined as never } }), {
      message: "a Helm release needs namespace, version",
    });
  });
});
