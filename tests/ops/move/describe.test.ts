import assert from "node:assert/strict";
import type { ClaimMove } from "../../../ops/move/batch";
import type { ClaimChange } from "../../../ops/move/decide";
import { describeTarget, drained, label, moved, notesOn, questionOn } from "../../../ops/move/describe";
import type { ClaimPlan } from "../../../model/storage";
import { planOf } from "../../stack";

/** Redis' claim with these lines in the config. */
function claim(lines: string): ClaimPlan {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    slow: { type: local-path, path: /opt/slow, default: true }
    fast: { type: local-path, path: /opt/fast }
  cluster-storage:services: { redis: { size: 1Gi, ${lines} } }`);
  assert.deepEqual(faults, []);
  return plan.services[0]!.claims[0]!;
}

/** A batch of one. */
const one = (kind: ClaimMove["decision"]["kind"], before: ClaimPlan, after: ClaimPlan) => ({
  change: { kind: "to", to: "fast" } as ClaimChange,
  moves: [{ before, decision: { kind, edit: {} }, after }],
});

const stops =
  "The service is down while its data is copied and checked. If that fails, it is started again on the volume that " +
  "it has now.";
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
    it(title, () => assert.deepEqual(notesOn(one("move", before, after)), notes));

  it("of the way back to where the scheduler made the first", () => {
    const notes = notesOn(
      one(
        "back",
        { ...claim(`backend: slow, ${onB}`), node: "b" },
        claim("backend: slow, from: 2, kept: [{ generation: 2, size: 1Gi, backend: slow, node: b }]"),
      ),
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

describe("what is said of a batch of several", () => {
  const after = claim(`backend: slow, ${onB}`);
  const other: ClaimPlan = { ...first, name: "n8n-data", service: "n8n" };
  const moves: ClaimMove[] = [
    { before: { ...first, node: "a" }, decision: { kind: "move", edit: {} }, after },
    { before: { ...other, node: "a" }, decision: { kind: "move", edit: {} }, after: { ...after, service: "n8n" } },
  ];
  const change: ClaimChange = { kind: "node", node: "b" };

  it("is what happens to all, and where each volume stays", () => {
    assert.deepEqual(notesOn({ change, moves }), [
      "Each service is down while its data is copied and checked.",
      "The data goes to node b over the network, and the services run there from then on.",
      "redis-data (slow on node a, 1Gi), n8n-data (slow on node a, 1Gi) are kept, untouched, until npm run release " +
        "names them.",
    ]);
    assert.equal(questionOn({ change, moves }), "Move redis, n8n to node b?");
    assert.equal(
      moved({ change, moves }),
      "redis, n8n have moved. npm run release deletes the volumes that they left.",
    );
  });

  it("is that a service's volumes go at once", () => {
    const both = moves.map((move) => ({ ...move, after }));
    assert.equal(
      notesOn({ change, moves: both })[1],
      "The volumes of redis are copied one after the other, and it is started once on all of the new ones.",
    );
  });

  it("is what is left behind by a return as it was, which copies nothing", () => {
    const back: ClaimChange = { kind: "back", asItWas: true };
    const still = moves.map((move) => ({ ...move, after: move.before }));
    assert.equal(
      notesOn({ change: back, moves: still })[0],
      "What was written since stays on the volumes that the services leave.",
    );
  });
});

describe("what is asked and said of one", () => {
  const after = claim("backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: slow }]");
  const texts = (kind: ClaimMove["decision"]["kind"]) => [
    questionOn(one(kind, first, after)),
    moved(one(kind, first, after)),
  ];
  it("is where it goes, and how it returns or is released", () => {
    const release = "npm run release -- redis deletes the volume that it left.";
    assert.deepEqual(texts("move"), [
      "Move redis to redis-data-2 (fast, 1Gi)?",
      `redis has moved. npm run move -- redis --back returns; ${release}`,
    ]);
    assert.deepEqual(texts("as-it-was"), [
      "Return redis to redis-data-2 (fast, 1Gi) as it was?",
      `redis is back. ${release}`,
    ]);
    assert.deepEqual(texts("grow"), ["Grow redis to 1Gi?", "redis has grown."]);
  });
});

describe("where several go", () => {
  it("is a backend, a node, one on the other, or back", () => {
    const changes: ClaimChange[] = [
      { kind: "to", to: "nfs" },
      { kind: "node", node: "b" },
      { kind: "to", to: "fast", node: "b" },
      { kind: "back", asItWas: false },
      { kind: "back", asItWas: true },
    ];
    assert.deepEqual(changes.map(describeTarget), [
      "nfs",
      "node b",
      "fast on node b",
      "their earlier volumes",
      "their earlier volumes, as they were",
    ]);
  });
  const empty = { volumes: [], directories: [] };

  it("leaves a node that a drain would delete data from, where pods keep it themselves", () =>
    assert.equal(
      drained("a", { kind: "to", to: "nfs" }, { ...empty, directories: [{ claim: "redis", pod: "redis-0" }] }),
      "the volumes have left a. A drain of a deletes what these pods keep in their own directories: redis (pod " +
        "redis-0). Take it to a claim first: npm run move -- redis --to BACKEND",
    ));

  it("leaves a node that can be drained", () => {
    assert.equal(
      drained("a", { kind: "to", to: "nfs" }, empty),
      "no service has its data on a any more: kubectl drain a --ignore-daemonsets --delete-emptydir-data",
    );
    assert.equal(
      drained("a", { kind: "node", node: "b" }, empty),
      "no service has its data on a any more; it is on b: kubectl drain a --ignore-daemonsets --delete-emptydir-data",
    );
  });
});
