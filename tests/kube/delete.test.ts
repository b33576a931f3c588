import assert from "node:assert/strict";
import { deleteInForeground } from "../../kube/delete";
import type { Kube } from "../../kube/client";

describe("a deletion in the foreground", () => {
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { namespace: "cache", name: "redis-data-1-to-2" } };
  const cluster = (answer: () => Promise<unknown>) => {
    const asked: unknown[][] = [];
    const objects = { delete: (...args: unknown[]) => (asked.push(args), answer()) };
    return { kube: { objects } as unknown as Kube, asked };
  };

  it("says its policy where the API server reads it: in the body, with the uid", async () => {
    const { kube, asked } = cluster(async () => ({}));
    await deleteInForeground(kube, job, "uid-1");
    const body = { propagationPolicy: "Foreground", preconditions: { uid: "uid-1" } };
    assert.deepEqual(asked, [[job, undefined, undefined, undefined, undefined, undefined, body]]);
  });

  it("throws what the API server refuses", () =>
    assert.rejects(
      deleteInForeground(cluster(() => Promise.reject(new Error("another uid"))).kube, job, "uid-1"),
      /another uid/,
    ));
});
