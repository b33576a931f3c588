import assert from "node:assert/strict";
import { backTo, type ClaimEntry, earlierOf, withoutKept } from "../../../ops/move/claim-entry";
import { asItWas, first, fromFirst, moved, one, returned, three, twice, two } from "./generations";

describe("where back leads", () => {
  const cases: [string, ClaimEntry, number | undefined][] = [
    ["nowhere from a first volume", first, undefined],
    ["to the volume before", moved, 1],
    ["to the newest before", twice, 2],
    ["to the one that the data came from", fromFirst, 1],
    ["to the newest before a restore", { ...twice, from: { point: "a0123456" } }, 2],
    [
      "to the one that a restore left, though another was newer",
      { ...twice, from: { point: "a0123456", leaves: 1 } },
      1,
    ],
    ["nowhere once back", returned, undefined],
    ["nowhere once back as it was", asItWas, undefined],
    ["nowhere where nothing was copied", { ...twice, from: "none" }, undefined],
  ];
  for (const [title, current, generation] of cases)
    it(title, () => assert.equal(earlierOf(current)?.generation, generation));
});

describe("the lines of a return", () => {
  const cases: [string, ClaimEntry, { generation: number; size: string }, boolean, object][] = [
    [
      "with the newest data",
      moved,
      one,
      false,
      { class: "local-path", size: "1Gi", accessMode: undefined, generation: 1, from: 2, kept: [two] },
    ],
    [
      "as it was",
      moved,
      one,
      true,
      { class: "local-path", size: "1Gi", accessMode: undefined, generation: 1, from: undefined, kept: [two] },
    ],
    [
      "as it was, to one that has an earlier volume: nothing is copied from that",
      twice,
      two,
      true,
      { backend: "fast", size: "2Gi", accessMode: undefined, generation: 2, from: "none", kept: [one, three] },
    ],
    [
      "with the newest data, past one that is kept",
      fromFirst,
      one,
      false,
      { class: "local-path", size: "1Gi", accessMode: undefined, generation: 1, from: 3, kept: [two, three] },
    ],
    [
      "to a node of its own",
      { ...moved, node: "b", kept: [{ ...one, node: "a" }] },
      one,
      false,
      {
        class: "local-path",
        node: "a",
        size: "1Gi",
        accessMode: undefined,
        generation: 1,
        from: 2,
        kept: [{ ...two, node: "b" }],
      },
    ],
    [
      "to the scheduler's choice: the node is left out",
      { ...moved, node: "b" },
      one,
      true,
      {
        class: "local-path",
        node: undefined,
        size: "1Gi",
        accessMode: undefined,
        generation: 1,
        from: undefined,
        kept: [{ ...two, node: "b" }],
      },
    ],
    [
      "to one of the default class",
      { ...two, kept: [{ generation: 1, size: "1Gi" }] },
      { generation: 1, size: "1Gi" },
      true,
      {
        backend: undefined,
        class: undefined,
        size: "1Gi",
        accessMode: undefined,
        generation: 1,
        from: undefined,
        kept: [two],
      },
    ],
  ];
  for (const [title, current, earlier, plain, edit] of cases) {
    const there = current.kept.find(({ generation }) => generation === earlier.generation)!;
    it(title, () => assert.deepEqual(backTo(current, there, plain), edit));
  }
});

describe("the lines without a kept volume", () => {
  const cases: [string, ClaimEntry, number, object][] = [
    ["the only one", moved, 1, { generation: 2, from: undefined, kept: undefined }],
    ["the one that was copied back", returned, 2, { generation: undefined, from: undefined, kept: undefined }],
    ["the newer one after a return as it was", asItWas, 2, { generation: undefined, from: undefined, kept: undefined }],
    ["the source, with an older one: that is not copied from", twice, 2, { generation: 3, from: "none", kept: [one] }],
    [
      "the one that a restore left",
      { ...moved, from: { point: "a0123456" } },
      1,
      { generation: 2, from: undefined, kept: undefined },
    ],
    ["one beside it", { ...twice, from: { point: "a0123456" } }, 1, { generation: 3, from: "none", kept: [two] }],
    ["the older one", twice, 1, { generation: 3, from: undefined, kept: [two] }],
    ["the named source", fromFirst, 1, { generation: 3, from: "none", kept: [two] }],
    ["one that isn't the named source", fromFirst, 2, { generation: 3, from: 1, kept: [one] }],
    [
      "the last older one, after a return as it was",
      { ...two, from: "none", kept: [one, three] },
      1,
      { generation: 2, from: undefined, kept: [three] },
    ],
  ];
  for (const [title, current, generation, edit] of cases)
    it(title, () => assert.deepEqual(withoutKept(current, generation), edit));
});
