import assert from "node:assert/strict";
import { ApiException, type KubernetesObject } from "@kubernetes/client-node";
import { restoreClaim } from "../../../ops/adopt/restore-claim";
import type { Kube } from "../../../kube/client";
import { claim, planned } from "./objects";

const namespace = planned("Namespace", "data");

/** A cluster whose claims are bound to `volume` as soon as they are there. */
function cluster(there: string[], volume: string) {
  const objects = new Set(there);
  const changes: string[] = [];
  const idOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata?.name}`;
  const kube = {
    core: {
      readNamespacedPersistentVolumeClaim: async () => ({ spec: { volumeName: volume }, status: { phase: "Bound" } }),
    },
    objects: {
      read: async (object: KubernetesObject) => {
        if (!objects.has(idOf(object))) throw new ApiException(404, "not found", undefined, {});
        return object;
      },
      patch: async (object: KubernetesObject & { spec: object }) =>
        changes.push(`patch ${idOf(object)} ${JSON.stringify(object.spec)}`),
      create: async (object: KubernetesObject, ...[, , manager]: unknown[]) => {
        objects.add(idOf(object));
        changes.push(`create ${idOf(object)} ${String(manager)}`);
      },
    },
  };
  return { kube: kube as unknown as Kube, changes };
}

const freed = 'patch PersistentVolume pvc-1 {"claimRef":{"uid":null,"resourceVersion":null}}';

describe("a claim that is made again on its volume", () => {
  it("comes after the volume waits for it by name, with its namespace", async () => {
    const { kube, changes } = cluster([], "pvc-1");
    await restoreClaim(kube, claim, "pvc-1", namespace);
    assert.deepEqual(changes, [
      freed,
      "create Namespace data pulumi-kubernetes",
      "create PersistentVolumeClaim redis-data pulumi-kubernetes",
    ]);
  });

  it("is made once, wherever an earlier try was cut off", async () => {
    const half = cluster(["Namespace data"], "pvc-1");
    await restoreClaim(half.kube, claim, "pvc-1", namespace);
    assert.deepEqual(half.changes, [freed, "create PersistentVolumeClaim redis-data pulumi-kubernetes"]);
    const done = cluster(["Namespace data", "PersistentVolumeClaim redis-data"], "pvc-1");
    await restoreClaim(done.kube, claim, "pvc-1", namespace);
    assert.deepEqual(done.changes, [freed]);
  });

  it("isn't taken for restored on another volume", async () => {
    const { kube } = cluster(["Namespace data", "PersistentVolumeClaim redis-data"], "pvc-2");
    await assert.rejects(restoreClaim(kube, claim, "pvc-1", namespace), {
      name: "UserError",
      message:
        "claim data/redis-data was bound to pvc-2 instead of its volume pvc-1; nothing was recorded, and " +
        "pvc-1 is untouched",
    });
  });
});
