import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";
import { assertTargetNode, nodeOf } from "../../../ops/move/target-node";

const core = (calls: Record<string, () => unknown>) =>
  ({
    core: Object.fromEntries(Object.entries(calls).map(([name, answer]) => [name, async () => answer()])),
  }) as unknown as Pick<Kube, "core">;
const forbidden = () => {
  throw new ApiException(403, "Forbidden", undefined, {});
};
const volume = (...values: string[]) => ({
  spec: {
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values }] }],
      },
    },
  },
});
const claim = { namespace: "cache", name: "redis-data", ephemeral: false };
const bound = () => ({ spec: { volumeName: "pvc-1" } });

describe("the node that a claim's volume is on", () => {
  const cases: [string, Record<string, () => unknown>, string | undefined][] = [
    [
      "is the only one that reaches it",
      { readNamespacedPersistentVolumeClaim: bound, readPersistentVolume: () => volume("a") },
      "a",
    ],
    [
      "has the name of the node that has the volume's label",
      {
        readNamespacedPersistentVolumeClaim: bound,
        readPersistentVolume: () => volume("host-a"),
        listNode: () => ({
          items: [
            { metadata: { name: "host-a", labels: { "kubernetes.io/hostname": "b" } } },
            { metadata: { name: "a", labels: { "kubernetes.io/hostname": "host-a" } } },
          ],
        }),
      },
      "a",
    ],
    [
      "is none of several",
      { readNamespacedPersistentVolumeClaim: bound, readPersistentVolume: () => volume("a", "b") },
      undefined,
    ],
    ["is none yet", { readNamespacedPersistentVolumeClaim: () => ({ spec: {} }) }, undefined],
    [
      "isn't known to who may not read volumes",
      { readNamespacedPersistentVolumeClaim: bound, readPersistentVolume: forbidden },
      undefined,
    ],
  ];
  for (const [title, calls, node] of cases) it(title, async () => assert.equal(await nodeOf(core(calls), claim), node));
  it("is none for a pod's directory, which is not asked after", async () =>
    assert.equal(await nodeOf(core({}), { ...claim, ephemeral: true }), undefined));
});

describe("the node that a volume shall go to", () => {
  const nodes = () => ({
    items: [
      { metadata: { name: "a" }, status: { conditions: [{ type: "Ready", status: "True" }] } },
      { metadata: { name: "b" }, spec: { unschedulable: true } },
    ],
  });
  it("is one that pods can go to", async () => {
    await assertTargetNode(core({ listNode: nodes }), "a");
    await assert.rejects(assertTargetNode(core({ listNode: nodes }), "b"), {
      name: "UserError",
      message: 'no pod can go to node "b", so no volume can be made there: the node is cordoned (kubectl uncordon b)',
    });
  });
  it("is not looked up where none is named, nor by who may not", async () => {
    await assertTargetNode(core({}), undefined);
    await assertTargetNode(core({ listNode: forbidden }), "b");
  });
  it("is not passed over for any other trouble", async () => {
    const broken = () => {
      throw new ApiException(500, "broken", undefined, {});
    };
    await assert.rejects(assertTargetNode(core({ listNode: broken }), "a"), { code: 500 });
  });
});
