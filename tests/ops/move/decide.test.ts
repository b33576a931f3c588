import assert from "node:assert/strict";
import { decideMove, type MoveDecision, type ClaimChange } from "../../../ops/move/decide";
import type { ClaimEntry } from "../../../ops/move/claim-entry";
import type { Place } from "../../../ops/move/places";

const place = (backend: string, more: Partial<Place> = {}): Place => ({
  backend,
  class: backend,
  isDefault: false,
  ephemeral: false,
  expand: false,
  followsNode: true,
  ...more,
});
const places = [
  place("local-path", { isDefault: true }),
  place("fast", { class: "fast-ssd" }),
  place("longhorn", { expand: true, followsNode: false }),
  place("scratch", { class: "", ephemeral: true }),
];

const first: ClaimEntry = { generation: 1, size: "1Gi", class: "local-path", kept: [] };
const grows: ClaimEntry = { generation: 1, size: "1Gi", backend: "longhorn", kept: [] };
const moved: ClaimEntry = {
  generation: 2,
  size: "1Gi",
  backend: "fast",
  kept: [{ generation: 1, size: "1Gi", class: "local-path" }],
};
const returned: ClaimEntry = {
  generation: 1,
  size: "1Gi",
  from: 2,
  kept: [{ generation: 2, size: "1Gi", backend: "fast" }],
};
const fromScratch: ClaimEntry = {
  generation: 2,
  size: "1Gi",
  backend: "fast",
  kept: [{ generation: 1, size: "1Gi", backend: "scratch" }],
};

describe("what a request comes to", () => {
  const cases: [string, ClaimEntry, ClaimChange, MoveDecision["kind"], Record<string, unknown>, string][] = [
    [
      "another backend, by its name",
      first,
      { kind: "to", to: "fast" },
      "move",
      { backend: "fast", generation: 2, size: "1Gi" },
      "fast",
    ],
    [
      "another backend, by its class",
      first,
      { kind: "to", to: "fast-ssd" },
      "move",
      { class: "fast-ssd", generation: 2 },
      "fast",
    ],
    [
      "a name of both: written as the claim does",
      first,
      { kind: "to", to: "longhorn" },
      "move",
      { class: "longhorn", generation: 2 },
      "longhorn",
    ],
    [
      "a name of both, for a claim without either",
      { generation: 1, size: "1Gi", kept: [] },
      { kind: "to", to: "longhorn" },
      "move",
      { backend: "longhorn", generation: 2 },
      "longhorn",
    ],
    [
      "another backend and a smaller size",
      first,
      { kind: "to", to: "fast", size: "500Mi" },
      "move",
      { size: "500Mi", generation: 2 },
      "fast",
    ],
    [
      "larger where it can't grow: a new volume",
      first,
      { kind: "size", size: "2Gi" },
      "move",
      { size: "2Gi", generation: 2 },
      "local-path",
    ],
    [
      "larger where it can grow: in place",
      grows,
      { kind: "size", size: "2Gi" },
      "grow",
      { size: "2Gi", generation: undefined },
      "longhorn",
    ],
    [
      "smaller where it can grow: a new volume",
      grows,
      { kind: "size", size: "500Mi" },
      "move",
      { size: "500Mi", generation: 2 },
      "longhorn",
    ],
    [
      "where it is already, and larger",
      grows,
      { kind: "to", to: "longhorn", size: "2Gi" },
      "grow",
      { size: "2Gi", generation: undefined },
      "longhorn",
    ],
    [
      "to a directory of the pod",
      first,
      { kind: "to", to: "scratch" },
      "move",
      { backend: "scratch", generation: 2 },
      "scratch",
    ],
    [
      "another node",
      first,
      { kind: "node", node: "b" },
      "move",
      { node: "b", generation: 2, class: undefined, size: "1Gi" },
      "local-path",
    ],
    [
      "another node than the one it says",
      { ...first, node: "a" },
      { kind: "node", node: "b", size: "2Gi" },
      "move",
      { node: "b", generation: 2, size: "2Gi" },
      "local-path",
    ],
    [
      "where it is already, on another node",
      first,
      { kind: "to", to: "local-path", node: "b" },
      "move",
      { node: "b", generation: 2, class: undefined, backend: undefined },
      "local-path",
    ],
    [
      "another backend on a node",
      first,
      { kind: "to", to: "fast", node: "b" },
      "move",
      { backend: "fast", node: "b", generation: 2 },
      "fast",
    ],
    [
      "another backend, from a node that was named",
      { ...first, node: "a" },
      { kind: "to", to: "longhorn" },
      "move",
      { class: "longhorn", node: undefined, generation: 2 },
      "longhorn",
    ],
    [
      "the same node and another size: as without it",
      { ...first, node: "a" },
      { kind: "node", node: "a", size: "2Gi" },
      "move",
      { size: "2Gi", generation: 2 },
      "local-path",
    ],
    [
      "back",
      moved,
      { kind: "back", asItWas: false },
      "back",
      { generation: 1, from: 2, class: "local-path" },
      "local-path",
    ],
    [
      "back as it was",
      moved,
      { kind: "back", asItWas: true },
      "as-it-was",
      { generation: 1, from: undefined },
      "local-path",
    ],
    [
      "back to a directory of the pod",
      fromScratch,
      { kind: "back", asItWas: false },
      "back",
      { generation: 1, from: 2, backend: "scratch" },
      "scratch",
    ],
  ];
  for (const [title, current, request, kind, edit, backend] of cases) {
    it(title, () => {
      const decided = decideMove("redis", current, request, places);
      assert.equal(decided.kind, kind);
      assert.equal(decided.place?.backend, backend);
      for (const [key, value] of Object.entries(edit)) assert.equal(decided.edit[key], value, key);
    });
  }
});

describe("what is refused before anything", () => {
  const cases: [string, ClaimEntry, ClaimChange, string][] = [
    [
      "the same place and size",
      first,
      { kind: "to", to: "local-path" },
      "redis is on local-path already, with 1Gi: there is nothing to move",
    ],
    [
      "the default, which it is on",
      { generation: 1, size: "1Gi", kept: [] },
      { kind: "to", to: "local-path" },
      "redis is on local-path already, with 1Gi: there is nothing to move",
    ],
    [
      "the same size in other words",
      first,
      { kind: "size", size: "1024Mi" },
      "redis has 1Gi already: there is nothing to move",
    ],
    [
      "the same node",
      { ...first, node: "a" },
      { kind: "node", node: "a" },
      "redis is on local-path already, on node a, with 1Gi: there is nothing to move",
    ],
    [
      "the same place and node",
      { ...first, node: "a" },
      { kind: "to", to: "local-path", node: "a" },
      "redis is on local-path already, on node a, with 1Gi: there is nothing to move",
    ],
    [
      "a node for what every node reaches",
      grows,
      { kind: "node", node: "b" },
      "every node reaches the volumes of longhorn, as far as the stack's config says: leave out --node",
    ],
    [
      "a node where every node reaches it",
      first,
      { kind: "to", to: "longhorn", node: "b" },
      "every node reaches the volumes of longhorn, as far as the stack's config says: leave out --node",
    ],
    [
      "a node for a pod's directory",
      first,
      { kind: "to", to: "scratch", node: "b" },
      "scratch keeps data in the pod's own directory, which has no node of its own: leave out --node",
    ],
    [
      "another node for what was made by hand",
      { generation: 1, size: "1Gi", class: "", kept: [] },
      { kind: "node", node: "b" },
      "redis's volume was made by hand, and none can be made like it on another node; name a backend with --to",
    ],
    [
      "a name that is nearly right",
      first,
      { kind: "to", to: "lonhorn" },
      'no backend or class "lonhorn" in the stack\'s config (did you mean "longhorn"?)',
    ],
    [
      "a name that is nowhere near",
      first,
      { kind: "to", to: "ceph" },
      'no backend or class "ceph" in the stack\'s config; there are: fast, fast-ssd, local-path, longhorn, scratch',
    ],
    [
      "a size without a unit",
      first,
      { kind: "to", to: "fast", size: "10" },
      '--size "10" has no unit; did you mean 10Gi?',
    ],
    [
      "another size of a pod's directory",
      fromScratchNow(),
      { kind: "size", size: "2Gi" },
      "redis is on scratch, whose directory goes with the pod: another size would empty it; move it to a " +
        "claim first (--to)",
    ],
    [
      "back from a first volume",
      first,
      { kind: "back", asItWas: false },
      "redis has never moved, or what it was on before was released: there is nothing to go back to",
    ],
    [
      "back twice",
      returned,
      { kind: "back", asItWas: false },
      "redis is back already, on generation 1; to take its data there again, to a new volume: npm run move -- " +
        "redis --to fast",
    ],
    [
      "as it was on a pod's directory",
      fromScratch,
      { kind: "back", asItWas: true },
      "redis was on scratch, whose directory went with its pod: there is nothing as it was; --back alone " +
        "takes the data along",
    ],
  ];
  for (const [title, current, request, message] of cases) {
    it(title, () => assert.throws(() => decideMove("redis", current, request, places), { name: "UserError", message }));
  }
});

function fromScratchNow(): ClaimEntry {
  return { generation: 1, size: "1Gi", backend: "scratch", kept: [] };
}
