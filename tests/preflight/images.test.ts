import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AskOptions } from "../../kube/api";
import type { ServicePlan } from "../../model/plan";
import { firstImages, newImages, type NewImage } from "../../plan/new-images";
import type { RunFacts } from "../../model/facts";
import { wholeName } from "../../model/image-name";
import { gateImages } from "../../preflight/images/gate";
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

  it("are tried before a workload is there, where it isn't: a first creation", () => {
    assert.deepEqual(firstImages(plan, { runs: [] }), [image]);
    assert.deepEqual(firstImages(plan, { runs: [run("Deployment", "redis:7.4")] }), []);
    assert.deepEqual(firstImages(plan, {}), []);
  });

  it("that can't be had keep a first workload from being made, unless a node says that it has them", async () => {
    const account = { id: pulumi.output("redis") } as pulumi.CustomResource;
    const [service] = plan.services as [ServicePlan];
    const settled = async (names: string[] | undefined, images = [image]) => {
      const { asked, api } = served(waiting("ErrImagePull", "not found"));
      const nodes = { items: [{ status: { images: [{ names }] } }] };
      const ask = async (path: string, options?: AskOptions) =>
        path === "/api/v1/nodes" ? { status: names ? 200 : 403, body: JSON.stringify(nodes) } : api.ask(path, options);
      const [waits] = gateImages({ server: "", ask }, plan.owner, images)(service, account);
      const { promise } = (waits ?? { promise: undefined }) as { promise?: () => Promise<unknown> };
      const error = await promise?.().then(
        () => undefined,
        (failed: Error) => failed,
      );
      assert.ok(!error?.stack, "Pulumi would print it");
      return { asked: asked.length, said: error?.message };
    };
    assert.deepEqual(await settled(["docker.io/library/redis@sha256:1", "docker.io/library/redis:8.0"]), {
      asked: 0,
      said: undefined,
    });
    assert.deepEqual(await settled([], []), { asked: 0, said: undefined });
    const said =
      "cluster-storage:services.redis.image: the cluster can't get image redis:8.0 (ErrImagePull: not found); " +
      "correct the image, or make it available there; the workload was not made, and what was made before it is kept";
    assert.deepEqual(await settled([]), { asked: 3, said });
    assert.deepEqual(await settled(undefined), { asked: 3, said });
  });

  it("have one whole name", () => {
    const names = { redis: "redis:8", qdrant: "qdrant/qdrant:v1", quay: "quay.io/a/b:1", own: "localhost/a:1" };
    assert.deepEqual(Object.values(names).map(wholeName), [
      "docker.io/library/redis:8",
      "docker.io/qdrant/qdrant:v1",
      "quay.io/a/b:1",
      "localhost/a:1",
    ]);
  });

  it("that can be had, or can't be tried, are no fault", async () => {
    const got = served({ status: { containerStatuses: [{ state: { terminated: {} } }] } });
    assert.deepEqual(await tryImages(got.api, plan.owner, [image]), []);
    assert.deepEqual(await tryImages(served({}, 403).api, plan.owner, [image]), []);
  });
});
