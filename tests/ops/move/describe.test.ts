import assert from "node:assert/strict";
import { label, notesOn } from "../../../ops/move/describe";
import { describeRefuge, doneWith } from "../../../ops/move/off";
import { whereTo } from "../../../ops/move/service";
import type { ClaimPlan } from "../../../model/storage";
import { planOf } from "../../stack";

/** Redis' claim by its lines. */
function claim(lines: string): ClaimPlan {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { slow: { type: local-path, path: /opt/slow, default: true }, fast: { type: local-path, path: /opt/fast } }
  cluster-storage:services: { redis: { size: 1Gi, ${lines} } }`);
  assert.deepEqual(faults, []);
  return plan.services[0]!.claims[0]!;
}

const stops =
  "The service is down while its data is copied and checked; when that fails it is back on the volume that it has now.";
const first = claim("backend: slow");
const onB = "node: b, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: slow }]";

describe("what is said of a move before the answer", () => {
  const cases: [string, ClaimPlan, ClaimPlan, string[]][] = [
    [
      "to another backend",
      first,
      claim("backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: slow }]"),
      [stops, "redis-data (slow, 1Gi) is kept, untouched, until npm run release names it."],
    ],
    [
      "to another node",
      { ...first, node: "a" },
      claim(`backend: slow, ${onB}`),
      [
        stops,
        "The data goes from node a to node b over the network, and the service runs there from then on.",
        "redis-data (slow on node a, 1Gi) is kept, untouched, until npm run release names it.",
      ],
    ],
    [
      "to another node, from one that can't be read",
      first,
      claim(`backend: slow, ${onB}`),
      [
        stops,
        "The data goes to node b over the network, and the service runs there from then on.",
        "redis-data (slow, 1Gi) is kept, untouched, until npm run release names it.",
      ],
    ],
    [
      "to another disk of the node that it is on",
      { ...first, node: "b" },
      claim(`backend: fast, ${onB}`),
      [stops, "redis-data (slow on node b, 1Gi) is kept, untouched, until npm run release names it."],
    ],
  ];
  for (const [title, before, after, notes] of cases)
    it(title, () => assert.deepEqual(notesOn({ kind: "move", edit: {} }, before, after), notes));

  it("of the way back to where the scheduler made the first", () => {
    const notes = notesOn(
      { kind: "back", edit: {} },
      { ...claim(`backend: slow, ${onB}`), node: "b" },
      claim("backend: slow, from: 2, kept: [{ generation: 2, size: 1Gi, backend: slow, node: b }]"),
    );
    assert.equal(
      notes[1],
      "The data goes from node b to the node of redis-data over the network, and the service runs there from then on.",
    );
  });

  it("a volume is told with its node", () =>
    assert.deepEqual(
      [label(claim("backend: slow, node: b")), label(first)],
      ["redis-data (slow on node b, 1Gi)", "redis-data (slow, 1Gi)"],
    ));
});

describe("where several go", () => {
  it("is a backend, a node, or one on the other", () => {
    assert.deepEqual([{ to: "nfs" }, { node: "b" }, { to: "fast", node: "b" }].map(describeRefuge), [
      "nfs",
      "node b",
      "fast on node b",
    ]);
    assert.deepEqual(whereTo({ kind: "node", node: "b" }, false), "node b");
    assert.deepEqual(whereTo({ kind: "to", to: "fast", node: "b" }, false), "fast on node b");
    assert.deepEqual(
      [whereTo({ kind: "back", asItWas: false }, false), whereTo({ kind: "back", asItWas: true }, true)],
      ["the volumes before", "the volumes before, as they were"],
    );
  });
  it("leaves a node that can be drained", () => {
    assert.equal(
      doneWith("a", { to: "nfs" }),
      "no service has its data on a any more: kubectl drain a --ignore-daemonsets --delete-emptydir-data",
    );
    assert.equal(
      doneWith("a", { node: "b" }),
      "no service has its data on a any more; it is on b: kubectl drain a --ignore-daemonsets --delete-emptydir-data",
    );
  });
});
