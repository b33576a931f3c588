import assert from "node:assert/strict";
import type { CoreV1Event, V1ContainerState, V1Pod } from "@kubernetes/client-node";
import { podState, stuckOn } from "../../kube/stuck";

function pod(state: V1ContainerState, more: Partial<V1Pod["status"]> = {}): V1Pod {
  const status = { name: "redis", image: "", imageID: "", ready: false, restartCount: 0, state };
  return { metadata: { name: "redis-1" }, status: { phase: "Pending", containerStatuses: [status], ...more } };
}
const event = (reason: string, message: string, time: string) =>
  ({ reason, message, metadata: {}, lastTimestamp: new Date(time) }) as CoreV1Event;

describe("stuckOn", () => {
  it("says what a container waits for, with the first line of the message", () => {
    const waiting = { reason: "ImagePullBackOff", message: "no such host\nand more" };
    assert.equal(
      stuckOn(pod({ waiting }), []),
      "pod redis-1: container redis is waiting, ImagePullBackOff: no such host",
    );
  });

  it("adds how a container that waits for its restart ended", () => {
    const crashed = pod({ waiting: { reason: "CrashLoopBackOff" } });
    const [status] = crashed.status?.containerStatuses ?? [];
    if (status) status.lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    assert.equal(
      stuckOn(crashed, []),
      "pod redis-1: container redis is waiting, CrashLoopBackOff (last exit code 137, OOMKilled)",
    );
  });

  it("says when the readiness probe is what is missing", () => {
    assert.equal(
      stuckOn(pod({ running: {} }, { phase: "Running" }), []),
      "pod redis-1: container redis runs and its readiness probe doesn't pass",
    );
  });

  it("says why a pod isn't scheduled", () => {
    const conditions = [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/1 nodes are available: 1 Insufficient memory.",
      },
    ];
    assert.equal(
      stuckOn({ metadata: { name: "redis-1" }, status: { phase: "Pending", conditions } }, []),
      "pod redis-1: Unschedulable: 0/1 nodes are available: 1 Insufficient memory.",
    );
  });

  it("takes an init container that hasn't ended for the trouble, not one that has", () => {
    const init = { name: "prepare", image: "", imageID: "", ready: false, restartCount: 0 };
    const failing = pod(
      { waiting: { reason: "PodInitializing" } },
      { initContainerStatuses: [{ ...init, state: { terminated: { exitCode: 1, reason: "Error" } } }] },
    );
    assert.equal(stuckOn(failing, []), "pod redis-1: container prepare ended (last exit code 1, Error)");
    const done = pod(
      { waiting: { reason: "Other" } },
      { initContainerStatuses: [{ ...init, state: { terminated: { exitCode: 0 } } }] },
    );
    assert.equal(stuckOn(done, []), "pod redis-1: container redis is waiting, Other");
  });

  it("adds the newest warning", () => {
    const events = [
      event("FailedMount", "old", "2026-01-01T00:00:00Z"),
      event("FailedMount", "path does not exist\nmore", "2026-01-02T00:00:00Z"),
    ];
    assert.equal(
      stuckOn({ metadata: { name: "redis-1" }, status: { phase: "Pending" } }, events),
      "pod redis-1: phase Pending; FailedMount: path does not exist",
    );
  });

  it("knows a missing pod", () => {
    assert.equal(stuckOn(undefined, []), "there is no pod");
    assert.equal(
      stuckOn(undefined, [event("FailedCreate", "forbidden", "2026-01-01T00:00:00Z")]),
      "there is no pod; FailedCreate: forbidden",
    );
  });
});

describe("podState", () => {
  it("is the phase, unless a container waits or the pod goes", () => {
    assert.equal(podState(pod({ running: {} }, { phase: "Running" })), "Running");
    assert.equal(podState(pod({ waiting: { reason: "CrashLoopBackOff" } })), "CrashLoopBackOff");
    assert.equal(
      podState({ metadata: { deletionTimestamp: new Date() }, status: { phase: "Running" } }),
      "Terminating",
    );
  });
});
