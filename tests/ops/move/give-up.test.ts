import assert from "node:assert/strict";
import type { Kube } from "../../../kube/client";
import { movingAnnotation } from "../../../model/metadata";
import { findClaim } from "../../../ops/move/find";
import { givesUpReturn } from "../../../ops/move/give-up";
import { committedStacks, planOf } from "../../stack";

const dev = committedStacks().get("dev")!;
const returned = planOf(
  dev.replace(
    /redis: \{[^}]*\}/,
    "redis: { size: 1Gi, class: local-path, from: 2, kept: [{ generation: 2, size: 1Gi }] }",
  ),
  "dev",
).plan;
const claim = findClaim("redis", returned);
const service = returned.services.find(({ name }) => name === "redis")!;

/** The workload uses `claimName`; it and the earlier claim have these annotations. */
const cluster = (claimName: string, moving?: string, annotations: Record<string, string> = {}) =>
  ({
    apps: {
      readNamespacedDeployment: async () => ({
        metadata: { name: "redis", annotations: moving ? { [movingAnnotation]: moving } : {} },
        spec: { template: { spec: { volumes: [{ name: "redis-data", persistentVolumeClaim: { claimName } }] } } },
      }),
    },
    core: {
      readNamespacedPersistentVolumeClaim: async () => ({
        metadata: { name: "redis-data", namespace: service.namespace, annotations },
        spec: {},
      }),
    },
  }) as unknown as Kube;

describe("a return that is given up", () => {
  it("can be where its copy was never begun", async () => {
    assert.equal(await givesUpReturn(cluster("redis-data-2"), claim, service), true);
  });

  it("can't where the service is back already", async () => {
    await assert.rejects(givesUpReturn(cluster("redis-data"), claim, service), {
      name: "UserError",
      message: "redis has returned to redis-data already, and the service runs there",
    });
  });

  for (const [what, there] of [
    ["its copy has begun", cluster("redis-data-2", undefined, { "cluster-storage/copying": "uid" })],
    ["its job is at work", cluster("redis-data-2", "redis-data-2-to-1")],
  ] as const)
    it(`can't where ${what}`, async () => {
      await assert.rejects(givesUpReturn(there, claim, service), {
        name: "UserError",
        message:
          "the copy back to redis-data has begun, so what it holds may be neither the old data nor the new; nothing " +
          "was changed. The same update finishes the copy; the service's data is on redis-data-2",
      });
    });
});
