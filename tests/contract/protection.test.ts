import assert from "node:assert/strict";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { find, unmake, useNamespace } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

describe("protection of what holds data", () => {
  const namespace = useNamespace();

  const declare =
    (own: CustomResourceOptions, data = "1", logicalName = "kept"): Program =>
    (options) => {
      new ConfigMap(
        logicalName,
        { metadata: { name: "kept", namespace: namespace() }, data: { data } },
        { ...options, ...own },
      );
    };
  const nothing: Program = () => undefined;
  const live = () => find("v1/ConfigMap", "kept", namespace());

  describe("protect", () => {
    const stack = useStack();

    it("stops a deletion in preview, naming the resource", async () => {
      await stack().up(declare({ protect: true }));
      assert.match(await failureOf(stack().preview(nothing)), /kept.*cannot be deleted|cannot be deleted.*kept/s);
    });

    it("stops a replacement in preview", async () => {
      assert.match(
        await failureOf(stack().preview(declare({ protect: true }, "2"))),
        /unable to replace|cannot be replaced|protected/,
      );
    });

    it("stops a renamed logical name in preview", async () => {
      assert.match(await failureOf(stack().preview(declare({ protect: true }, "1", "renamed"))), /cannot be deleted/);
    });

    it("lets a replacement through when it is lifted in the same update", async () => {
      const { steps } = await stack().up(declare({ protect: false }, "2"));
      assert.equal(steps.kept, "replace");
      assert.equal((await live())?.data?.data, "2");
    });
  });

  describe("retainOnDelete", () => {
    const stack = useStack();
    after(() => unmake("v1/ConfigMap", "kept", namespace()));

    it("leaves the object when its resource goes", async () => {
      await stack().up(declare({ retainOnDelete: true }));
      const before = await live();
      await stack().up(nothing);
      assert.equal((await live())?.metadata?.uid, before?.metadata?.uid);
    });

    it("and the object that is left stops a new one of its name", async () => {
      assert.match(await failureOf(stack().up(declare({}))), /already exists/);
    });
  });
});
