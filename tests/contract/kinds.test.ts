import assert from "node:assert/strict";
import { find, make, uniqueName, unmake, useNamespace } from "./cluster";
import { kinds } from "./kinds";
import type { Variant } from "./kinds/case";
import { useStack, type Program, type Steps } from "./stack";

describe("every kind that the product creates", () => {
  const namespace = useNamespace();
  const stack = useStack();
  const prefix = uniqueName("contract-kinds");
  const existingClass = uniqueName("contract-class");

  before(async () => {
    for (const name of [existingClass, `${existingClass}-2`]) {
      await make("storage.k8s.io/v1/StorageClass", {
        metadata: { name },
        provisioner: "contract.test/none",
        volumeBindingMode: "WaitForFirstConsumer",
      });
    }
  });
  after(async () => {
    for (const name of [existingClass, `${existingClass}-2`]) await unmake("storage.k8s.io/v1/StorageClass", name);
  });

  const declare =
    (variant: Variant): Program =>
    (options, { shellImage }) => {
      for (const kind of kinds)
        kind.declare({ namespace: namespace(), prefix, shellImage, existingClass }, options, variant);
    };

  const each = (title: (kind: (typeof kinds)[number]) => string, steps: () => Steps, expected: string): void => {
    for (const kind of kinds) it(title(kind), () => assert.equal(steps()[kind.kind], expected));
  };

  describe("is created", () => {
    let steps: Steps;
    before(async () => ({ steps } = await stack().up(declare("base"))));
    each(
      ({ kind }) => kind,
      () => steps,
      "create",
    );
  });

  describe("does not change when its inputs don't", () => {
    let preview: Steps;
    let refreshed: Steps;
    before(async () => {
      await stack().refresh(declare("base"));
      refreshed = await stack().preview(declare("base"));
      preview = (await stack().up(declare("base"))).steps;
    });
    each(
      ({ kind }) => `${kind}, in preview after a refresh`,
      () => refreshed,
      "same",
    );
    each(
      ({ kind }) => `${kind}, in the update`,
      () => preview,
      "same",
    );
  });

  describe("is changed in place", () => {
    let preview: Steps;
    let update: Steps;
    before(async () => {
      preview = await stack().preview(declare("update"));
      update = (await stack().up(declare("update"))).steps;
    });
    each(
      (kind) => `${kind.kind}: ${kind.update}, in preview`,
      () => preview,
      "update",
    );
    each(
      (kind) => `${kind.kind}: ${kind.update}, in the update`,
      () => update,
      "update",
    );

    it("by an update that takes away what left the inputs, too", async () => {
      const ports = async () =>
        (await find("networking.k8s.io/v1/NetworkPolicy", "policy", namespace()))?.spec?.ingress as unknown[];
      assert.equal((await ports()).length, 1);
      await stack().up(declare("base"));
      const policy = await find("networking.k8s.io/v1/NetworkPolicy", "policy", namespace());
      assert.equal(policy?.spec?.ingress, undefined);
    });
  });

  describe("is replaced", () => {
    let preview: Steps;
    let update: Steps;
    before(async () => {
      preview = await stack().preview(declare("replace"));
      update = (await stack().up(declare("replace"))).steps;
    });
    each(
      (kind) => `${kind.kind}: ${kind.replace}, in preview`,
      () => preview,
      "replace",
    );
    each(
      (kind) => `${kind.kind}: ${kind.replace}, in the update`,
      () => update,
      "replace",
    );

    it("and the old object is gone", async () => {
      assert.equal(await find("v1/ServiceAccount", "account", namespace()), undefined);
      assert.equal((await find("v1/ConfigMap", "settings", namespace()))?.data?.key, "2");
    });
  });

  describe("is deleted", () => {
    let steps: Steps;
    before(async () => (steps = (await stack().up(() => undefined)).steps));
    each(
      ({ kind }) => kind,
      () => steps,
      "delete",
    );

    it("and gone when the update ends", async () => {
      const left = await Promise.all([
        find("apps/v1/Deployment", "deployment", namespace()),
        find("apps/v1/StatefulSet", "set", namespace()),
        find("v1/PersistentVolumeClaim", "data", namespace()),
        find("v1/Namespace", `${prefix}-b`),
      ]);
      assert.deepEqual(left, [undefined, undefined, undefined, undefined]);
    });

    it("but a Patch resource only gives up its fields", async () => {
      const left = await find("storage.k8s.io/v1/StorageClass", `${existingClass}-2`);
      assert.equal(left?.metadata?.annotations, undefined);
    });
  });
});
