import assert from "node:assert/strict";
import type { V1NodeSelectorTerm, V1PersistentVolume } from "@kubernetes/client-node";
import {
  assertNode,
  assertReadable,
  assertTakesPods,
  chooseRefuge,
  nodesOf,
  type Refuge,
  schedulable,
} from "../../../ops/move/nodes";
import type { Place } from "../../../ops/move/places";
import type { OffRequest } from "../../../ops/move/request";

const place = (backend: string, more: Partial<Place> = {}): Place => ({
  backend,
  class: backend,
  isDefault: false,
  ephemeral: false,
  expand: false,
  followsNode: true,
  ...more,
});
const local = [place("local-path"), place("fast", { class: "ssd" })];
const nfs = place("nfs", { followsNode: false });
const longhorn = place("longhorn", { followsNode: false });
const scratch = place("scratch", { ephemeral: true, followsNode: false });

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
  it("takes a volume; of any other is said why not", () => {
    const node = (name: string, more: object = {}) => ({ metadata: { name }, ...ready, ...more });
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
    refused("node-2", 'no pod can go to node "node-2", so no volume can: it is cordoned (kubectl uncordon node-2)');
    refused("node-3", 'no pod can go to node "node-3", so no volume can: it isn\'t Ready');
    refused("node-4", 'no pod can go to node "node-4", so no volume can: it has the taint for=gpus:NoSchedule');
    refused(
      "node-5",
      'no pod can go to node "node-5", so no volume can: it has the taint ' +
        "node-role.kubernetes.io/control-plane:NoSchedule",
    );
    refused("nod-1", 'the cluster has no node "nod-1" (did you mean "node-1"?)');
    assertReadable("node-1", nodes);
    const message =
      'no pod can go to node "node-2", and one has to read what leaves it: it is cordoned (kubectl uncordon ' +
      "node-2); nothing was changed. Drain it once its data has moved";
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

describe("where volumes go that leave a node", () => {
  const cases: [string, Omit<OffRequest, "off">, Place[], string[], Refuge][] = [
    ["the only backend that isn't tied to one", {}, [...local, nfs, scratch], [], { to: "nfs" }],
    ["that one, though there is another node", {}, [...local, nfs], ["b"], { to: "nfs" }],
    ["the one that was named", { to: "longhorn" }, [...local, nfs, longhorn], [], { to: "longhorn" }],
    ["a name that is looked up later", { to: "nsf" }, [...local, nfs], [], { to: "nsf" }],
    ["the only other node, where every backend is tied to one", {}, [...local, scratch], ["b"], { node: "b" }],
    ["the node that was named", { node: "c" }, local, ["b", "c"], { node: "c" }],
    [
      "the node that was named, though there is a backend that isn't tied to one",
      { node: "b" },
      [...local, nfs],
      ["b"],
      { node: "b" },
    ],
    ["another disk of the only other node", { to: "ssd" }, local, ["b"], { to: "ssd", node: "b" }],
    [
      "another disk of the node that was named",
      { to: "fast", node: "c" },
      local,
      ["b", "c"],
      { to: "fast", node: "c" },
    ],
    [
      "a node for what every node reaches: refused later",
      { to: "nfs", node: "b" },
      [...local, nfs],
      ["b"],
      { to: "nfs", node: "b" },
    ],
  ];
  for (const [title, named, places, others, refuge] of cases) {
    it(title, () => {
      const { to, node } = chooseRefuge({ off: "a", ...named }, places, others);
      assert.deepEqual({ to, node }, { to: undefined, node: undefined, ...refuge });
    });
  }

  const add =
    "add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and " +
    "name it with --to";
  const refusals: [string, string | undefined, Place[], string[], string][] = [
    [
      "nowhere, on one node",
      undefined,
      local,
      [],
      "nothing can leave a: a is the only node that pods can go to, and every backend of this stack " +
        `(local-path, fast) keeps its data on a node; ${add}`,
    ],
    [
      "to one of several nodes",
      undefined,
      [...local, scratch],
      ["b", "c"],
      "several nodes can take what is on a; name one: --node b, --node c",
    ],
    [
      "to another disk of the only node",
      "ssd",
      local,
      [],
      `fast keeps its volumes on a node, and a is the only one that pods can go to: nothing can leave it; ${add}`,
    ],
    [
      "to another disk of one of several nodes",
      "fast",
      [...local, nfs],
      ["b", "c"],
      "several nodes can take what is on a; name one: --node b, --node c",
    ],
    [
      "to another disk of the only node, with a way out",
      "fast",
      [...local, nfs],
      [],
      "fast keeps its volumes on a node, and a is the only one that pods can go to: nothing can leave it; " +
        "name one that doesn't: --to nfs",
    ],
    [
      "to the pod's own directory",
      "scratch",
      [...local, scratch, nfs],
      ["b"],
      "scratch keeps data in the pod's own directory, which a drain deletes; name one that doesn't: --to nfs",
    ],
    [
      "to one of several",
      undefined,
      [nfs, longhorn],
      ["b"],
      "several backends aren't tied to a node; name one: --to nfs, --to longhorn",
    ],
  ];
  for (const [title, to, places, others, message] of refusals)
    it(title, () =>
      assert.throws(() => chooseRefuge({ off: "a", to }, places, others), { name: "UserError", message }),
    );
});
