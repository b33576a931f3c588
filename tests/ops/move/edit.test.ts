import assert from "node:assert/strict";
import { editMap, readMap } from "../../../ops/move/edit";

const kept = [{ generation: 1, size: "1Gi", class: "local-path" }];
const keptText = "kept: [ { generation: 1, size: 1Gi, class: local-path } ]";
const moved = { backend: "fast", generation: 2, kept };

describe("editMap", () => {
  const cases: [string, string, Record<string, string | number | unknown[] | undefined>, string][] = [
    [
      "a flow map",
      "a: { size: 1Gi } # small\n",
      moved,
      `a: { size: 1Gi, backend: fast, generation: 2, ${keptText} } # small\n`,
    ],
    [
      "a flow map whose class gives way",
      "a: {class: x,  size: 1Gi}\nb: 1\n",
      moved,
      `a: {backend: fast,  size: 1Gi, generation: 2, ${keptText}}\nb: 1\n`,
    ],
    [
      "a block map, with its comments and what is behind it",
      "a:\n  # how much\n  size: 1Gi   # aligned\n  class: x # where\n\n  resources: { limits: { memory: 1Gi " +
        "} }\n# about b\nb: 1\n",
      moved,
      `a:\n  # how much\n  size: 1Gi   # aligned\n  backend: fast # where\n  generation: 2\n  ${keptText}\n\n ` +
        ` resources: { limits: { memory: 1Gi } }\n# about b\nb: 1\n`,
    ],
    [
      "a block map at the end of a file without a line's end",
      "a:\n  size: 1Gi",
      { generation: 2 },
      "a:\n  size: 1Gi\n  generation: 2",
    ],
    [
      "a list in block style becomes one line",
      "a:\n  size: 1Gi\n  kept:\n    - generation: 9\n      size: 1Gi\n  run: true\n",
      { kept },
      `a:\n  size: 1Gi\n  ${keptText}\n  run: true\n`,
    ],
    [
      "keys taken out of a flow map",
      "a: { size: 1Gi, generation: 2, from: 1, kept: [] }\n",
      { from: undefined, kept: undefined },
      "a: { size: 1Gi, generation: 2 }\n",
    ],
    ["the first key taken out of a flow map", "a: { from: 1, size: 1Gi }\n", { from: undefined }, "a: { size: 1Gi }\n"],
    [
      "keys taken out of a block map",
      "a:\n  size: 1Gi\n  from: 1 # old\n  kept:\n    - generation: 1\n      size: 1Gi\n  run: true\n",
      { from: undefined, kept: undefined },
      "a:\n  size: 1Gi\n  run: true\n",
    ],
    [
      "the first key taken out of a block map",
      "a:\n  from: 1\n  size: 1Gi\n",
      { from: undefined },
      "a:\n  size: 1Gi\n",
    ],
    ["a key that isn't there taken out", "a: {size: 1Gi}\n", { from: undefined }, "a: {size: 1Gi}\n"],
    [
      "a value replaced where it stands",
      "a: { generation: 2, size: 1Gi } # x\n",
      { generation: 3 },
      "a: { generation: 3, size: 1Gi } # x\n",
    ],
    [
      "a node, after the place",
      "a: { size: 1Gi, class: x, run: true }\n",
      { node: "b", generation: 2 },
      "a: { size: 1Gi, class: x, node: b, generation: 2, run: true }\n",
    ],
    ["an empty map", "a: {}\n", { size: "1Gi" }, "a: { size: 1Gi }\n"],
    ["text that reads as a number stays text", "a: { size: 1Gi }\n", { class: "1" }, 'a: { size: 1Gi, class: "1" }\n'],
    [
      "Windows line ends",
      "a:\r\n  size: 1Gi\r\n  run: true\r\n",
      { size: "2Gi" },
      "a:\r\n  size: 2Gi\r\n  run: true\r\n",
    ],
  ];
  for (const [title, before, values, after] of cases) {
    it(title, () => assert.equal(editMap(before, ["a"], values), after));
  }

  it("gives back what it was given when the edit is taken back", () => {
    const before = "config:\n  s:\n    a: { size: 1Gi, class: x } # c\n";
    const there = editMap(before, ["config", "s", "a"], moved);
    assert.equal(editMap(there, ["config", "s", "a"], { class: "x", generation: undefined, kept: undefined }), before);
  });

  it("refuses an alias: what it stands for is used elsewhere too", () => {
    const yaml = "config:\n  s:\n    a: &x { size: 1Gi }\n    b: *x\n";
    assert.throws(() => editMap(yaml, ["config", "s", "b"], moved), {
      name: "UserError",
      message:
        "s.b is not a map of its own in the stack file (it may be an alias): write it out as a map, " +
        "then run the same command again",
    });
  });
});

describe("readMap", () => {
  it("has the values", () =>
    assert.deepEqual(readMap("a: { b: { size: 1Gi, kept: [{ generation: 1 }] } }", ["a", "b"]), {
      size: "1Gi",
      kept: [{ generation: 1 }],
    }));
});
