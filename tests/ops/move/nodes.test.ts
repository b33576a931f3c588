import assert from "node:assert/strict";
import type { V1NodeSelectorTerm, V1PersistentVolume } from "@kubernetes/client-node";
import { readNode, type NodeItem } from "../../../kube/read/nodes";
import { readVolume } from "../../../kube/read/volumes";
import { assertNode, assertReadable, assertTakesPods, schedulable } from "../../../ops/move/nodes";

const volume = (...terms: V1NodeSelectorTerm[]): V1PersistentVolume => ({
  spec: { nodeAffinity: { required: { nodeSelectorTerms: terms } } },
});
const on = (...values: string[]): V1NodeSelectorTerm => ({
  matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values }],
});

describe("the nodes of a volume", () => {
  const cases: [string, V1PersistentVolume, string[] | undefined][] = [
    ["one", volume(on("a")), ["a"]],
    ["alternatives", volume(on("a"), on("b")), ["a", "b"]],
    [
      "by the node's own name",
      volume({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }),
      ["a"],
    ],
    [
      "a zone's: all of them",
      volume(on("a"), { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["z"] }] }),
      undefined,
    ],
    [
      "every node but one: not tied",
      volume({ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "NotIn", values: ["a"] }] }),
      undefined,
    ],
    ["no affinity", { spec: {} }, undefined],
  ];
  for (const [title, given, nodes] of cases) it(title, () => assert.deepEqual(readVolume(given).tiedTo, nodes));
});

describe("a node that pods can go to", () => {
  const takesPods = (item: NodeItem) => schedulable(readNode(item));
  const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
  it("is ready, not cordoned, and without a taint that keeps them off", () => {
    assert.equal(takesPods(ready), true);
    assert.equal(takesPods({ ...ready, spec: { taints: [{ key: "x", effect: "PreferNoSchedule" }] } }), true);
    assert.equal(takesPods({ ...ready, spec: { unschedulable: true } }), false);
    assert.equal(takesPods({ ...ready, spec: { taints: [{ key: "x", effect: "NoSchedule" }] } }), false);
    assert.equal(takesPods({ status: { conditions: [{ type: "Ready", status: "Unknown" }] } }), false);
  });
  it("takes a volume; of any other is said why not", () => {
    const node = (name: string, more: NodeItem = {}) => readNode({ metadata: { name }, ...ready, ...more });
    const nodes = [
      node("node-1"),
      node("node-2", {
        spec: { unschedulable: true, taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] },
      }),
      node("node-3", {
        status: { conditions: [{ type: "Ready", status: "False" }] },
        spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }] },
      }),
      node("node-4", { spec: { taints: [{ key: "for", value: "gpus", effect: "NoSchedule" }] } }),
      node("node-5", { spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] } }),
    ];
    assertTakesPods("node-1", nodes);
    const refused = (name: string, message: string) =>
      assert.throws(() => assertTakesPods(name, nodes), { name: "UserError", message });
    refused(
      "node-2",
      'no pod can go to node "node-2", so no volume can be made there: the node is cordoned (kubectl uncordon node-2)',
    );
    refused("node-3", 'no pod can go to node "node-3", so no volume can be made there: the node isn\'t Ready');
    refused(
      "node-4",
      'no pod can go to node "node-4", so no volume can be made there: the node has the taint for=gpus:NoSchedule',
    );
    refused(
      "node-5",
      'no pod can go to node "node-5", so no volume can be made there: the node has the taint ' +
        "node-role.kubernetes.io/control-plane:NoSchedule",
    );
    refused("nod-1", 'the cluster has no node "nod-1" (did you mean "node-1"?)');
    assertReadable("node-1", nodes);
    const message =
      'no pod can go to node "node-2", and a pod there has to read the volumes that leave it: the node is ' +
      "cordoned (kubectl uncordon node-2); nothing was changed. Drain the node once its data has moved";
    assert.throws(() => assertReadable("node-2", nodes), { name: "UserError", message });
  });
  it("is one that the cluster has", () => {
    assertNode("node-1", ["node-1"]);
    assert.throws(() => assertNode("node-2", ["node-1"]), {
      name: "UserError",
      message: 'the cluster has no node "node-2" (did you mean "node-1"?)',
    });
    assert.throws(() => assertNode("zzzzzzz", ["b", "a"]), {
      name: "UserError",
      message: 'the cluster has no node "zzzzzzz"; it has: a, b',
    });
  });
});
