import assert from "node:assert/strict";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { find, make, useNamespace } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

describe("names", () => {
  const namespace = useNamespace();

  const settings =
    (logicalName: string, name?: string): Program =>
    (options) => {
      new ConfigMap(logicalName, { metadata: { name, namespace: namespace() }, data: { key: "ours" } }, options);
    };

  describe("with autonaming disabled", () => {
    const stack = useStack();

    it("a missing name is an error in preview", async () => {
      assert.match(await failureOf(stack().preview(settings("nameless"))), /autonaming is disabled/);
    });

    it("an explicit name is taken as it is", async () => {
      await stack().up(settings("settings", "settings"));
      assert.equal((await find("v1/ConfigMap", "settings", namespace()))?.data?.key, "ours");
    });

    it("a renamed logical name fails on its own object, which stays as it was", async () => {
      const before = await find("v1/ConfigMap", "settings", namespace());
      assert.match(await failureOf(stack().up(settings("renamed", "settings"))), /already exists/);
      const after = await find("v1/ConfigMap", "settings", namespace());
      assert.equal(after?.metadata?.uid, before?.metadata?.uid);
    });

    it("an alias keeps the object", async () => {
      const { steps } = await stack().up((options, cluster) =>
        settings("renamed", "settings")({ ...options, aliases: [{ name: "settings" }] }, cluster),
      );
      assert.equal(steps.renamed, "same");
    });

    it("an object that someone else made is not taken over", async () => {
      await make("v1/ConfigMap", { metadata: { name: "theirs", namespace: namespace() }, data: { key: "theirs" } });
      const both: Program = async (options, cluster) => {
        await settings("renamed", "settings")({ ...options, aliases: [{ name: "settings" }] }, cluster);
        await settings("theirs", "theirs")(options, cluster);
      };
      assert.match(await failureOf(stack().up(both)), /configmaps "theirs" already exists/);
      assert.equal((await find("v1/ConfigMap", "theirs", namespace()))?.data?.key, "theirs");
    });
  });

  describe("with autonaming", () => {
    const stack = useStack({ explicitNames: false });
    const program: Program = (options) => ({
      name: new ConfigMap("auto", { metadata: { namespace: namespace() } }, options).metadata.name,
    });

    it("the name begins with the logical name, and stays", async () => {
      const first = await stack().up(program);
      assert.match(String(first.outputs.name.value), /^auto-[0-9a-z]+$/);
      const second = await stack().up(program);
      assert.equal(second.outputs.name.value, first.outputs.name.value);
      assert.equal(second.steps.auto, "same");
    });
  });
});
