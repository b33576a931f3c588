import assert from "node:assert/strict";
import { PersistentVolume, PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1";
import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import { find, uniqueName, useNamespace } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

describe("claims", () => {
  const namespace = useNamespace();
  const stack = useStack();
  const [waiting, growing, fixed] = ["waiting", "growing", "fixed"].map((name) => uniqueName(name));

  const declare =
    (sizes: { waiting?: string; growing?: string; fixed?: string } = {}): Program =>
    (options) => {
      new StorageClass(
        "waiting-class",
        {
          metadata: { name: waiting },
          provisioner: "contract.test/none",
          volumeBindingMode: "WaitForFirstConsumer",
        },
        options,
      );
      new PersistentVolumeClaim("waiting", claim("waiting", waiting, sizes.waiting), options);
      bound("growing", growing, true, sizes.growing);
      bound("fixed", fixed, false, sizes.fixed);

      // Bound without a provisioner: a volume made by hand, of a class that binds at once.
      function bound(name: string, className: string, allowVolumeExpansion: boolean, size?: string): void {
        const storageClass = new StorageClass(
          `${name}-class`,
          {
            metadata: { name: className },
            provisioner: "kubernetes.io/no-provisioner",
            allowVolumeExpansion,
          },
          options,
        );
        const volume = new PersistentVolume(
          `${name}-volume`,
          {
            metadata: { name: className },
            spec: {
              storageClassName: className,
              capacity: { storage: "2Gi" },
              accessModes: ["ReadWriteOnce"],
              hostPath: { path: "/tmp/contract" },
              claimRef: { namespace: namespace(), name },
            },
          },
          options,
        );
        new PersistentVolumeClaim(name, claim(name, className, size), {
          ...options,
          dependsOn: [volume, storageClass],
        });
      }
    };

  function claim(name: string, storageClassName: string, storage = "2Gi") {
    return {
      metadata: { name, namespace: namespace() },
      spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
    };
  }

  const sizeOf = async (name: string): Promise<unknown> => {
    const found = await find("v1/PersistentVolumeClaim", name, namespace());
    return (found?.spec?.resources as { requests: { storage: string } }).requests.storage;
  };

  it("one that waits for its first consumer is ready while it is pending", async () => {
    const { steps } = await stack().up(declare());
    assert.equal(steps.waiting, "create");
    const found = await find("v1/PersistentVolumeClaim", "waiting", namespace());
    assert.equal(found?.status?.phase, "Pending");
  });

  it("one of a class that binds at once is ready when it is bound", async () => {
    const found = await find("v1/PersistentVolumeClaim", "growing", namespace());
    assert.equal(found?.status?.phase, "Bound");
  });

  it("growing is an update, of a bound claim too", async () => {
    assert.equal((await stack().preview(declare({ growing: "3Gi" }))).growing, "update");
    assert.equal((await stack().up(declare({ growing: "3Gi" }))).steps.growing, "update");
    assert.equal(await sizeOf("growing"), "3Gi");
  });

  it("shrinking is refused in preview already", async () => {
    const text = await failureOf(stack().preview(declare({ growing: "1Gi" })));
    assert.match(text, /can not be less than/);
    assert.equal(await sizeOf("growing"), "3Gi");
  });

  it("growing on a class that can't passes the preview and fails in the update", async () => {
    const grown = declare({ growing: "3Gi", fixed: "3Gi" });
    assert.equal((await stack().preview(grown)).fixed, "update");
    const text = await failureOf(stack().up(grown));
    assert.match(text, /only dynamically provisioned pvc can be resized/);
    assert.equal(await sizeOf("fixed"), "2Gi");
  });
});
