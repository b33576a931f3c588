import assert from "node:assert/strict";
import { type ClaimEntry, readClaimEntry, toNewVolume } from "../../../ops/move/claim-entry";
import { asItWas, first, moved, one, returned, two } from "./generations";

describe("readClaimEntry", () => {
  it("has the first generation and nothing kept unless told", () => {
    assert.deepEqual(readClaimEntry({ size: "1Gi" }), { size: "1Gi", generation: 1, kept: [] });
    assert.deepEqual(readClaimEntry({ size: "1Gi", generation: 2, kept: [one], from: 1 }), {
      size: "1Gi",
      generation: 2,
      kept: [one],
      from: 1,
    });
  });
});

describe("the lines of a move", () => {
  const cases: [string, ClaimEntry, Parameters<typeof toNewVolume>[1], string | undefined, object][] = [
    [
      "to another backend",
      first,
      { backend: "fast" },
      undefined,
      { size: "1Gi", backend: "fast", generation: 2, from: undefined, kept: [one] },
    ],
    [
      "to another class and size",
      first,
      { class: "slow" },
      "5Gi",
      { size: "5Gi", class: "slow", generation: 2, from: undefined, kept: [one] },
    ],
    ["of the size alone", first, undefined, "5Gi", { size: "5Gi", generation: 2, from: undefined, kept: [one] }],
    [
      "of what has no class of its own",
      { size: "1Gi", generation: 1, kept: [] },
      { backend: "fast" },
      undefined,
      { size: "1Gi", backend: "fast", generation: 2, from: undefined, kept: [{ generation: 1, size: "1Gi" }] },
    ],
    [
      "once more",
      moved,
      { class: "slow" },
      undefined,
      { size: "2Gi", class: "slow", generation: 3, from: undefined, kept: [one, two] },
    ],
    [
      "after a return: a number that never was, and the data of the first",
      returned,
      { backend: "fast" },
      undefined,
      { size: "1Gi", backend: "fast", generation: 3, from: 1, kept: [one, two] },
    ],
    [
      "after a return as it was",
      asItWas,
      { backend: "fast" },
      undefined,
      { size: "1Gi", backend: "fast", generation: 3, from: 1, kept: [one, two] },
    ],
    [
      "with another access mode, which is kept with the old volume",
      { ...first, accessMode: "ReadWriteMany" },
      { backend: "fast" },
      undefined,
      { size: "1Gi", backend: "fast", generation: 2, from: undefined, kept: [{ ...one, accessMode: "ReadWriteMany" }] },
    ],
  ];
  for (const [title, current, placement, size, edit] of cases)
    it(title, () => assert.deepEqual(toNewVolume(current, placement, size), edit));

  const onA: ClaimEntry = { ...first, node: "a" };
  const keptOnA = { ...one, node: "a" };
  const nodes: [string, ClaimEntry, Parameters<typeof toNewVolume>[1], string | undefined, object][] = [
    [
      "to another node",
      onA,
      undefined,
      "b",
      { size: "1Gi", node: "b", generation: 2, from: undefined, kept: [keptOnA] },
    ],
    [
      "to a node, from the scheduler's choice",
      first,
      undefined,
      "b",
      { size: "1Gi", node: "b", generation: 2, from: undefined, kept: [one] },
    ],
    [
      "to another place and node",
      onA,
      { backend: "fast" },
      "b",
      { size: "1Gi", backend: "fast", node: "b", generation: 2, from: undefined, kept: [keptOnA] },
    ],
    [
      "to another place on the same node",
      onA,
      { backend: "fast" },
      "a",
      { size: "1Gi", backend: "fast", generation: 2, from: undefined, kept: [keptOnA] },
    ],
    [
      "to another place: the node is left out",
      onA,
      { backend: "fast" },
      undefined,
      { size: "1Gi", backend: "fast", node: undefined, generation: 2, from: undefined, kept: [keptOnA] },
    ],
    [
      "of the size alone: the node stays",
      onA,
      undefined,
      undefined,
      { size: "1Gi", generation: 2, from: undefined, kept: [keptOnA] },
    ],
  ];
  for (const [title, current, placement, node, edit] of nodes)
    it(title, () => assert.deepEqual(toNewVolume(current, placement, undefined, node), edit));
});
