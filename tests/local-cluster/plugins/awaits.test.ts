import assert from "node:assert/strict";
import { readiness } from "../../../local-cluster/plugins/kubernetes/awaits/await";
import { awaits } from "../../../local-cluster/plugins/kubernetes/awaits/catalogue";
import { ApiError } from "../../../local-cluster/plugins/kubernetes/client";
import type { JsonObject } from "../../../local-cluster/plugins/protocol/values";
import { contextOf, isReady, metadata, waited } from "./awaited";

const notFound = new ApiError(404, "x not found", "NotFound", {});
const job = (status: JsonObject): JsonObject => ({ apiVersion: "batch/v1", kind: "Job", metadata, status });
const failed = (reason: string) =>
  job({ startTime: "now", conditions: [{ type: "Failed", status: "True", reason, message: "why" }] });
const complete = job({ startTime: "now", conditions: [{ type: "Complete", status: "True" }] });

describe("the wait for a Job", () => {
  it("ends with it, and at once by the two reasons of a failure that the official plugin knows", async () => {
    assert.equal(await waited(failed("x"), () => complete), "ready");
    for (const reason of ["BackoffLimitExceeded", "DeadlineExceeded"])
      assert.equal(await waited(complete, () => failed(reason)), `Job n/x exists, but failed; [${reason}] why`);
  });

  it("goes on until its time-out where it failed for another", async () => {
    assert.equal(
      await waited(complete, () => failed("PodFailurePolicy")),
      "Job n/x exists, but timed out 0.5 s after its last change, waiting to be ready; " +
        "Waiting for the Job to complete (0 active, 0 succeeded, 0 failed)",
    );
  });

  it("goes on until its time-out where somebody deleted it, or the API server is away", async () => {
    for (const error of [notFound, new Error("connection refused")])
      assert.match(await waited(complete, () => error), /timed out 0\.5 s after its last change/);
    assert.equal(
      await waited(complete, (asked) => (asked === 0 ? new Error("connection refused") : complete)),
      "ready",
    );
  });

  it("is asked by a refresh too", async () => {
    const asked = await readiness(
      contextOf(() => complete),
      "urn",
      complete,
      failed("PodFailurePolicy"),
    );
    assert.deepEqual([asked.ready, asked.messages.length], [false, 1]);
  });
});

describe("the wait for what is polled", () => {
  const claim: JsonObject = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata,
    spec: { storageClassName: "fast" },
    status: { phase: "Pending" },
  };

  it("ends by an error of the API server", async () => {
    assert.equal(await waited(claim, () => notFound), "PersistentVolumeClaim n/x exists, but failed; x not found");
  });

  it("has a limit that nothing changes", () => {
    const polled = Object.entries(awaits).flatMap(([kind, { polled, limit }]) => (polled ? [[kind, limit]] : []));
    assert.deepEqual(polled, [
      ["v1/PersistentVolume", 300],
      ["v1/PersistentVolumeClaim", 300],
      ["v1/ReplicationController", 600],
      ["v1/ResourceQuota", 60],
      ["v1/Secret", 5],
    ]);
  });

  it("is for a Secret only where a controller fills it", async () => {
    const secret: JsonObject = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" };
    assert.equal(await waited(secret, () => new Error("asked")), "ready");
    const token = { ...secret, type: "kubernetes.io/service-account-token" };
    assert.equal(await waited(token, (asked) => (asked === 0 ? token : { ...token, data: { token: "x" } })), "ready");
  });

  it("is for a quota until it is in force", async () => {
    const quota = (status: JsonObject): JsonObject => ({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata,
      spec: { hard: { pods: "3" } },
      status,
    });
    assert.deepEqual([await isReady(quota({})), await isReady(quota({ hard: { pods: "3" } }))], [false, true]);
  });
});
