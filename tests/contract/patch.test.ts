import assert from "node:assert/strict";
import { StorageClassPatch } from "@pulumi/kubernetes/storage/v1";
import { find, make, uniqueName, unmake } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

const flag = "storageclass.kubernetes.io/is-default-class";

describe("a Patch resource", () => {
  const stack = useStack();
  const name = uniqueName("contract-class");

  before(() =>
    make("storage.k8s.io/v1/StorageClass", {
      metadata: { name, annotations: { [flag]: "true", theirs: "kept" } },
      provisioner: "contract.test/none",
    }),
  );
  after(() => unmake("storage.k8s.io/v1/StorageClass", name));

  const declare =
    (force: boolean, target = name): Program =>
    (options) => {
      const annotations = { [flag]: "false", ...(force && { "pulumi.com/patchForce": "true" }) };
      new StorageClassPatch("patch", { metadata: { name: target, annotations } }, options);
    };
  const annotations = async () => (await find("storage.k8s.io/v1/StorageClass", name))?.metadata?.annotations;

  it("does not take over what someone else set", async () => {
    assert.match(await failureOf(stack().up(declare(false))), /conflict/);
    assert.equal((await annotations())?.[flag], "true");
  });

  it("does when it is told to, and leaves the rest alone", async () => {
    await stack().up(declare(true));
    const { [flag]: value, theirs } = (await annotations()) ?? {};
    assert.deepEqual([value, theirs], ["false", "kept"]);
  });

  it("does not change again", async () => {
    assert.equal((await stack().preview(declare(true))).patch, "same");
  });

  it("leaves the object there when it goes", async () => {
    await stack().up(() => undefined);
    assert.equal((await annotations())?.theirs, "kept");
  });

  it("of an object that doesn't exist is an error", async () => {
    const target = `${name}-absent`;
    await failureOf(stack().up(declare(true, target)));
    assert.equal(await find("storage.k8s.io/v1/StorageClass", target), undefined);
  });
});
