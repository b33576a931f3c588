import assert from "node:assert/strict";
import { hostnameOf, isReachedFrom, nodesOf, unfitness, whyNoPod } from "../../model/nodes";
import type { Toleration } from "../../model/pod-settings";
import type { NodeFacts } from "../../model/node-facts";
import { nodeFacts } from "../facts";

const labelled = (name: string, label: string) => nodeFacts(name, { labels: { "kubernetes.io/hostname": label } });

describe("a node whose name differs from its label kubernetes.io/hostname", () => {
  // The label of one is the name of the other, as after a rename of hosts.
  const nodes = [labelled("a", "host-a"), labelled("b", "a"), nodeFacts("c")];
  it("is called by the label", () => assert.deepEqual(nodes.map(hostnameOf), ["host-a", "a", "c"]));
  it("reaches the volumes that name the label, and none that name another node so", () => {
    const reached = (tiedTo: string[], tiedByName?: true) =>
      nodes.filter((node) => isReachedFrom({ tiedTo, tiedByName }, node)).map(({ name }) => name);
    assert.deepEqual(reached(["a"]), ["b"]);
    assert.deepEqual(reached(["host-a", "c"]), ["a", "c"]);
    assert.deepEqual(reached(["a"], true), ["a"]);
    assert.deepEqual(reached([]), []);
    assert.equal(nodes.filter((node) => isReachedFrom({}, node)).length, 3);
  });
  it("is shown by its name; one that is gone as the volume says", () => {
    assert.deepEqual(nodesOf({ tiedTo: ["a", "gone"] }, nodes), ["b", "gone"]);
    assert.deepEqual(nodesOf({ tiedTo: ["a"], tiedByName: true }, nodes), ["a"]);
    assert.deepEqual(nodesOf({ tiedTo: ["a"] }, []), ["a"]);
    assert.equal(nodesOf({}, nodes), undefined);
  });
});

describe("why a node takes no new pod", () => {
  const gpu = { key: "for", value: "gpus", effect: "NoSchedule" };
  const cases: [string, Partial<NodeFacts>, Toleration[], string | undefined][] = [
    ["it takes them", {}, [], undefined],
    ["deleted", { deleting: true, unschedulable: true }, [], "is being deleted"],
    ["not ready", { conditions: { Ready: "Unknown" } }, [], "isn't Ready"],
    [
      "cordoned as well",
      { conditions: { Ready: "Unknown" }, unschedulable: true },
      [],
      "is cordoned (kubectl uncordon a)",
    ],
    ["no kubelet has said anything", { conditions: {} }, [], "isn't Ready"],
    ["cordoned", { unschedulable: true }, [], "is cordoned (kubectl uncordon a)"],
    [
      "cordoned, with the taint that Kubernetes adds",
      { unschedulable: true, taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] },
      [],
      "is cordoned (kubectl uncordon a)",
    ],
    ["cordoned, and tolerated", { unschedulable: true }, [{ operator: "Exists" }], undefined],
    ["tainted", { taints: [gpu] }, [], "has the taint for=gpus:NoSchedule"],
    ["a taint that only asks", { taints: [{ ...gpu, effect: "PreferNoSchedule" }] }, [], undefined],
    ["tolerated by its value", { taints: [gpu] }, [{ key: "for", value: "gpus" }], undefined],
    ["another value", { taints: [gpu] }, [{ key: "for", value: "cpus" }], "has the taint for=gpus:NoSchedule"],
    ["by its key", { taints: [gpu] }, [{ key: "for", operator: "Exists" }], undefined],
    ["by all keys", { taints: [gpu] }, [{ operator: "Exists", effect: "NoSchedule" }], undefined],
    [
      "another effect",
      { taints: [gpu] },
      [{ key: "for", operator: "Exists", effect: "NoExecute" }],
      "has the taint for=gpus:NoSchedule",
    ],
    ["an empty key is no key", { taints: [gpu] }, [{ value: "gpus" }], "has the taint for=gpus:NoSchedule"],
  ];
  for (const [title, more, tolerations, why] of cases)
    it(title, () => {
      assert.equal(whyNoPod(nodeFacts("a", more), tolerations), why);
      assert.equal(unfitness(nodeFacts("a", more), tolerations) === undefined, why === undefined);
    });
});
