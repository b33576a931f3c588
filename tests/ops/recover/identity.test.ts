import assert from "node:assert/strict";
import { identityOf, needsLookup } from "../../../ops/recover/decide";
import { pending } from "./pending";

describe("identityOf", () => {
  it("reads name and namespace from the inputs", () => {
    assert.deepEqual(identityOf(pending()), {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      name: "redis-data",
      namespace: "cache",
    });
  });
  it("has no namespace for what has none", () => {
    assert.deepEqual(
      identityOf(pending("creating", { inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "cache" } } })),
      {
        apiVersion: "v1",
        kind: "Namespace",
        name: "cache",
      },
    );
  });
  it("doesn't take an encrypted name for one", () => {
    const metadata = {
      name: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" },
    };
    assert.equal(
      identityOf(pending("creating", { inputs: { apiVersion: "v1", kind: "Secret", metadata } })),
      undefined,
    );
  });
});

describe("needsLookup", () => {
  it("only for creates of cluster objects", () => {
    assert.equal(needsLookup(pending()), true);
    assert.equal(needsLookup(pending("updating")), false);
    assert.equal(needsLookup(pending("creating", { type: "command:local:Command" })), false);
    assert.equal(needsLookup(pending("creating", { type: "kubernetes:core/v1:NamespacePatch" })), false);
  });
});
