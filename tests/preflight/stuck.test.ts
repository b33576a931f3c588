import assert from "node:assert/strict";
import type { AskOptions } from "../../kube/api";
import { type StuckPod, whyStuck } from "../../preflight/stuck/decide";
import { replaceStuck, watchStuck } from "../../preflight/stuck/replace";

const set = { metadata: { generation: 3 }, status: { observedGeneration: 3, updateRevision: "postgres-2" } };
const start = "2026-01-01T00:00:00Z";

/** A pod of the set's earlier revision that never became ready, with this about its container. */
const pod = (container: object, more: Partial<StuckPod["status"]> = {}, revision = "postgres-1"): StuckPod => ({
  metadata: { name: "postgres-0", uid: "4711", labels: { "controller-revision-hash": revision } },
  spec: { volumes: [{}, { persistentVolumeClaim: { claimName: "postgres-data" } }] } as StuckPod["spec"],
  status: {
    startTime: start,
    conditions: [{ type: "Ready", status: "False", lastTransitionTime: start }],
    containerStatuses: [container],
    ...more,
  },
});
const pulls = {
  state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "postgres:17.99"\n' } },
};
const crashes = { restartCount: 4, state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: {} } };
const why = 'ImagePullBackOff: Back-off pulling image "postgres:17.99"';
const unscheduled = {
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message: "0/1 nodes are available: 1 Insufficient cpu.",
};

describe("a pod that its StatefulSet never replaces", () => {
  const table: [string, typeof set, StuckPod, string | undefined][] = [
    ["can't get its image", set, pod(pulls), why],
    ["crashes and was never ready", set, pod(crashes), "CrashLoopBackOff"],
    [
      "fits on no node",
      set,
      { ...pod({}), status: { conditions: [unscheduled] } },
      "Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.",
    ],
    ["is as the set says, and may be all right soon", set, pod(pulls, {}, "postgres-2"), undefined],
    ["runs", set, pod({ state: { running: {} } }), undefined],
    [
      "has another container that runs",
      set,
      pod(pulls, { initContainerStatuses: [{ state: { running: {} } }] }),
      undefined,
    ],
    ["is being created", set, pod({ state: { waiting: { reason: "ContainerCreating" } } }), undefined],
    [
      "was ready before it began to crash",
      set,
      pod(crashes, { conditions: [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T01:00:00Z" }] }),
      undefined,
    ],
    [
      "is being deleted",
      set,
      { ...pod(pulls), metadata: { ...pod(pulls).metadata, deletionTimestamp: start } },
      undefined,
    ],
    ["has a set that nobody has looked at yet", { ...set, metadata: { generation: 4 } }, pod(pulls), undefined],
  ];
  for (const [what, of, stuck, expected] of table)
    it(`${expected === undefined ? "isn't one that" : "is one that"} ${what}`, () =>
      assert.equal(whyStuck(of, stuck), expected));
});

describe("a stuck pod", () => {
  const paths = {
    "/apis/apps/v1/namespaces/ns/statefulsets/postgres": set as object | undefined,
    "/api/v1/namespaces/ns/pods/postgres-0": pod(pulls) as object | undefined,
    "/api/v1/namespaces/ns/persistentvolumeclaims/postgres-data": { metadata: {} } as object | undefined,
  };
  function served(change: Partial<typeof paths> = {}, deletion = 200) {
    const deleted: unknown[] = [];
    const ask = async (path: string, { method, body }: AskOptions = {}) => {
      if (method === "DELETE") deleted.push(path, body);
      const object = { ...paths, ...change }[path as keyof typeof paths];
      return { status: method === "DELETE" ? deletion : object ? 200 : 404, body: JSON.stringify(object ?? {}) };
    };
    return { deleted, api: { server: "", ask } };
  }
  const ref = { namespace: "ns", name: "postgres" };

  it("is deleted, that one and no other, and said to be", async () => {
    const { deleted, api } = served();
    assert.equal(
      await replaceStuck(api, ref),
      `pod postgres-0 in namespace ns never became ready (${why}), and Kubernetes doesn't replace such a pod by ` +
        "itself; it was deleted, so that its StatefulSet makes it again as the config says; its claims " +
        "(postgres-data) were left as they are",
    );
    assert.deepEqual(deleted, ["/api/v1/namespaces/ns/pods/postgres-0", { preconditions: { uid: "4711" } }]);
  });

  it("is left where its claim is being deleted or gone", async () => {
    const claim = "/api/v1/namespaces/ns/persistentvolumeclaims/postgres-data";
    for (const [found, words] of [
      [{ metadata: { deletionTimestamp: start } }, "being deleted and would go with it"],
      [undefined, "not there"],
    ] as const) {
      const { deleted, api } = served({ [claim]: found });
      assert.equal(
        await replaceStuck(api, ref),
        `pod postgres-0 in namespace ns never became ready (${why}); it was left, because its claim postgres-data is ` +
          `${words}; npm run status says what to do`,
      );
      assert.deepEqual(deleted, []);
    }
  });

  it("is named with the command where it may not be deleted", async () =>
    assert.equal(
      await replaceStuck(served({}, 403).api, ref),
      `pod postgres-0 in namespace ns never became ready (${why}), and Kubernetes doesn't replace such a pod by ` +
        "itself; these credentials may not delete it (status 403): kubectl -n ns delete pod postgres-0",
    ));

  it("is nothing where there is no pod or no set, or another pod by now", async () => {
    assert.equal(
      await replaceStuck(served({ "/api/v1/namespaces/ns/pods/postgres-0": undefined }).api, ref),
      undefined,
    );
    const none = served({ "/apis/apps/v1/namespaces/ns/statefulsets/postgres": undefined });
    assert.equal(await replaceStuck(none.api, ref), undefined);
    assert.equal(await replaceStuck(served({}, 409).api, ref), undefined);
  });

  it("is watched for until the rollout is done", async () => {
    assert.match((await watchStuck(served().api, ref, new AbortController().signal)) ?? "", /it was deleted/);
    assert.equal(await watchStuck(served().api, ref, AbortSignal.abort()), undefined);
  });
});
