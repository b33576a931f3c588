import assert from "node:assert/strict";
import type { ClaimEntry } from "../../../ops/move/claim-entry";
import { decideMove, type ClaimChange, type MoveDecision } from "../../../ops/move/decide";
import { first, fromScratch, grows, moved, places, returned } from "./entries";

describe("what a change means for a claim", () => {
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
      "anew, with the same size, also where it can grow: a new volume in the same place",
      grows,
      { kind: "anew" },
      "move",
      { size: "1Gi", generation: 2 },
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
      "back as it was, where the file describes a return with a copy",
      returned,
      { kind: "back", asItWas: true },
      "as-it-was",
      { generation: undefined, from: undefined },
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
