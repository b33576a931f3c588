import assert from "node:assert/strict";
import { describeEstimate, readUsage } from "../../../ops/move/estimate";

const MiB = 1024 ** 2;

describe("what a move will copy", () => {
  it("is read of du, all mounts together", () => {
    assert.equal(readUsage("104\t/data\n"), 104 * 1024);
    assert.equal(readUsage("4\t/qdrant/storage\n8\t/qdrant/snapshots\n"), 12 * 1024);
    assert.equal(readUsage("du: not found\n"), undefined);
  });

  const cases: [string, number, { bytes: number; seconds: number }[], string][] = [
    ["nothing to go by", 3 * MiB, [], "It holds 3.0 MiB now."],
    ["only small moves, which tell nothing", 3 * MiB, [{ bytes: 90_000, seconds: 2 }], "It holds 3.0 MiB now."],
    [
      "the slowest of the larger ones",
      1024 * MiB,
      [
        { bytes: 512 * MiB, seconds: 4 },
        { bytes: 512 * MiB, seconds: 16 },
      ],
      "It holds 1.0 GiB now: at the rate of this cluster's earlier moves, about 32 s of copying and checking.",
    ],
    [
      "long ones in minutes",
      10 * 1024 * MiB,
      [{ bytes: 512 * MiB, seconds: 16 }],
      "It holds 10.0 GiB now: at the rate of this cluster's earlier moves, about 5 min of copying and checking.",
    ],
  ];
  it("between two nodes, with what earlier moves may not have met", () => {
    const line =
      "It holds 1.0 GiB now: at the rate of this cluster's earlier moves, about 32 s of copying and checking; " +
      "between two nodes it takes longer where the network is slower than the disks.";
    assert.equal(describeEstimate(1024 * MiB, [{ bytes: 512 * MiB, seconds: 16 }], true), line);
    assert.equal(describeEstimate(3 * MiB, [], true), "It holds 3.0 MiB now.");
  });
  for (const [title, bytes, earlier, line] of cases)
    it(`with ${title}`, () => assert.equal(describeEstimate(bytes, earlier), line));
});
