import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AskOptions } from "../../kube/api";
import { newImages, type NewImage } from "../../plan/new-images";
import type { RunFacts } from "../../model/facts";
import { outcomeOf } from "../../preflight/images/pod-state";
import { tryImages } from "../../preflight/images/try";
import { stack } from "./cluster";

const waiting = (reason: string, message?: string) => ({
  status: { containerStatuses: [{ state: { waiting: { reason, message } } }] },
});

describe("what a pod says of its image", () => {
  const table: [string, Parameters<typeof outcomeOf>[0], ReturnType<typeof outcomeOf>][] = [
    ["is on no node yet", {}, undefined],
    ["is pulling", waiting("ContainerCreating"), undefined],
    ["runs", { status: { containerStatuses: [{ state: { running: {} } }] } }, { got: true }],
    ["has ended", { status: { containerStatuses: [{ state: { terminated: {} } }] } }, { got: true }],
    ["has no such program", waiting("CreateContainerError", "exec: true: not found"), { got: true }],
    ["has it", { status: { containerStatuses: [{ imageID: "sha256:1", state: {} }] } }, { got: true }],
    [
      "can't be pulled",
      waiting("ErrImagePull", "failed to pull: not found\nmore"),
      { got: false, why: "ErrImagePull: failed to pull: not found" },
    ],
    ["waits to be pulled again", waiting("ImagePullBackOff"), { got: false, why: "ImagePullBackOff" }],
    [
      "has a wrong name",
      waiting("InvalidImageName", "couldn't parse image name"),
      { got: false, why: "InvalidImageName: couldn't parse image name" },
    ],
  ];
  for (const [what, pod, outcome] of table) it(what, () => assert.deepEqual(outcomeOf(pod), outcome));
});

describe("images that an update would give to workloads", () => {
  const { plan } = stack(undefined, { redis: { size: "2Gi", namespace: "cache", image: "redis:8.0" } });
  const run = (kind: RunFacts["kind"], image: string, more: Partial<RunFacts> = {}): RunFacts => ({
    kind,
    namespace: "cache",
    name: "redis",
    service: "redis",
    image,
    ran: false,
    claims: [],
    ...more,
  });
  const image: NewImage = {
    service: "redis",
    namespace: "cache",
    image: "redis:8.0",
    identity: { uid: 999, gid: 999 },
  };

  it("are those that differ, tried where the pod is", () => {
    const runs = [run("Deployment", "redis:7.4"), run("Pod", "redis:7.4", { name: "redis-1", node: "a" })];
    assert.deepEqual(newImages(plan, { runs }), [{ ...image, node: "a" }]);
    assert.deepEqual(newImages(plan, { runs: [run("Deployment", "redis:7.4")] }), [image]);
  });

  it("are none where the workload has it, or isn't there, or goes", () => {
    assert.deepEqual(newImages(plan, { runs: [run("Deployment", "redis:8.0")] }), []);
    assert.deepEqual(newImages(plan, { runs: [run("StatefulSet", "redis:7.4"), run("Pod", "redis:7.4")] }), []);
    assert.deepEqual(newImages(plan, {}), []);
    const stopped = stack(undefined, { redis: { size: "2Gi", namespace: "cache", run: false } }).plan;
    assert.deepEqual(newImages(stopped, { runs: [run("Deployment", "redis:7.4")] }), []);
  });

  /** An API server that makes the job and has this pod for it. */
  function served(pod: object, made = 201) {
    const asked: string[] = [];
    const ask = async (path: string, { method, body }: AskOptions = {}) => {
      asked.push(`${method ?? (body ? "POST" : "GET")} ${path}`);
      if (body) return { status: made, body: JSON.stringify({ metadata: { name: "job-1" }, message: "no" }) };
      return { status: 200, body: JSON.stringify({ items: [pod] }) };
    };
    return { asked, api: { server: "", ask } };
  }

  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }));

  it("that can't be had are faults in the kubelet's words, and the job goes", async () => {
    const { asked, api } = served(waiting("ErrImagePull", "not found"));
    assert.deepEqual(await tryImages(api, plan.owner, [{ ...image, node: "a" }]), [
      {
        path: "services.redis.image",
        message:
          "node a can't get image redis:8.0 (ErrImagePull: not found); correct the image, or make it available " +
          "there; the workload and its pod were left as they are",
      },
    ]);
    assert.deepEqual(asked, [
      "POST /apis/batch/v1/namespaces/cache/jobs",
      "GET /api/v1/namespaces/cache/pods?labelSelector=job-name%3Djob-1",
      "DELETE /apis/batch/v1/namespaces/cache/jobs/job-1?propagationPolicy=Background",
    ]);
  });

  it("that can be had, or can't be tried, are no fault", async () => {
    const got = served({ status: { containerStatuses: [{ state: { terminated: {} } }] } });
    assert.deepEqual(await tryImages(got.api, plan.owner, [image]), []);
    assert.deepEqual(await tryImages(served({}, 403).api, plan.owner, [image]), []);
  });
});
