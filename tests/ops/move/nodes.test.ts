import assert from "node:assert/strict";
import type { V1NodeSelectorTerm, V1PersistentVolume } from "@kubernetes/client-node";
import { assertNode, chooseRefuge, nodesOf, schedulable } from "../../../ops/move/nodes";
import type { Place } from "../../../ops/move/places";

const place = (backend: string, more: Partial<Place> = {}): Place => ({ backend, class: backend, isDefault: false, ephemeral: false, expand: false, followsNode: true, ...more });
const local = [place("local-path"), place("fast", { class: "ssd" })];
const nfs = place("nfs", { followsNode: false });
const longhorn = place("longhorn", { followsNode: false });
const scratch = place("scratch", { ephemeral: true, followsNode: false });

const volume = (...terms: V1NodeSelectorTerm[]): V1PersistentVolume => ({ spec: { nodeAffinity: { required: { nodeSelectorTerms: terms } } } });
const on = (...values: string[]): V1NodeSelectorTerm => ({ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values }] });

describe("the nodes of a volume", () => {
  const cases: [string, V1PersistentVolume, string[] | undefined][] = [
    ["one", volume(on("a")), ["a"]],
    ["alternatives", volume(on("a"), on("b")), ["a", "b"]],
    ["by the node's own name", volume({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }), ["a"]],
    ["a zone's: all of them", volume(on("a"), { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["z"] }] }), undefined],
    ["every node but one: not tied", volume({ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "NotIn", values: ["a"] }] }), undefined],
    ["no affinity", { spec: {} }, undefined],
  ];
  for (const [title, given, nodes] of cases) it(title, () => assert.deepEqual(nodesOf(given), nodes));
});

describe("a node that pods can go to", () => {
  const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
  it("is ready, not cordoned, and without a taint that keeps them off", () => {
    assert.equal(schedulable(ready), true);
    assert.equal(schedulable({ ...ready, spec: { taints: [{ key: "x", effect: "PreferNoSchedule" }] } }), true);
    assert.equal(schedulable({ ...ready, spec: { unschedulable: true } }), false);
    assert.equal(schedulable({ ...ready, spec: { taints: [{ key: "x", effect: "NoSchedule" }] } }), false);
    assert.equal(schedulable({ status: { conditions: [{ type: "Ready", status: "Unknown" }] } }), false);
  });
  it("is one that the cluster has", () => {
    assertNode("node-1", ["node-1"]);
    assert.throws(() => assertNode("node-2", ["node-1"]), { name: "UserError", message: 'the cluster has no node "node-2" (did you mean "node-1"?)' });
    assert.throws(() => assertNode("zzzzzzz", ["b", "a"]), { name: "UserError", message: 'the cluster has no node "zzzzzzz"; it has: a, b' });
  });
});

describe("where volumes go that leave a node", () => {
  const cases: [string, string | undefined, Place[], string[], string][] = [
    ["the only backend that isn't tied to one", undefined, [...local, nfs, scratch], [], "nfs"],
    ["the one that was named", "longhorn", [...local, nfs, longhorn], [], "longhorn"],
    ["a name that is looked up later", "nsf", [...local, nfs], [], "nsf"],
  ];
  for (const [title, to, places, others, backend] of cases) it(title, () => assert.equal(chooseRefuge("a", to, places, others), backend));

  const add = "add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and name it with --to";
  const refusals: [string, string | undefined, Place[], string[], string][] = [
    ["nowhere, on one node", undefined, local, [], `nothing can leave a: a is the only node that pods can go to, and every backend of this stack (local-path, fast) keeps its data on a node; ${add}`],
    ["nowhere, with another node", undefined, [...local, scratch], ["b"], `nothing can leave a: every backend of this stack (local-path, fast, scratch) keeps its data on a node; ${add}`],
    ["to another disk of the only node", "ssd", local, [], `fast keeps its volumes on a node, and a is the only one that pods can go to: nothing can leave it; ${add}`],
    ["to another node's disk", "fast", [...local, nfs], ["b", "c"], "fast keeps its volumes on a node, and a copy needs both volumes on one: it can't take data from a to b or c; name one that doesn't: --to nfs"],
    ["to the pod's own directory", "scratch", [...local, scratch, nfs], ["b"], "scratch keeps data in the pod's own directory, which a drain deletes; name one that doesn't: --to nfs"],
    ["to one of several", undefined, [nfs, longhorn], ["b"], "several backends aren't tied to a node; name one: --to nfs, --to longhorn"],
  ];
  for (const [title, to, places, others, message] of refusals) it(title, () => assert.throws(() => chooseRefuge("a", to, places, others), { name: "UserError", message }));
});
