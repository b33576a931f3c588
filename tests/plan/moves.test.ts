import assert from "node:assert/strict";
import { checkGenerations, sourceOf } from "../../plan/moves";
import { claim } from "./moves-fixture";

const kept = (...generations: number[]) =>
  generations.map((generation) => ({ generation, size: "1Gi", accessMode: "ReadWriteOnce" as const }));

describe("generations of a volume", () => {
  describe("the data comes from", () => {
    const table: [string, number, number[], number | undefined, number | undefined][] = [
      ["nowhere where it is the only volume", 1, [], undefined, undefined],
      ["the one before", 2, [1], undefined, 1],
      ["the newest of those before", 4, [1, 3], undefined, 3],
      ["the one that is named", 4, [1, 3], 1, 1],
      ["nowhere where an earlier volume is used as it was", 1, [2], undefined, undefined],
      ["a later volume where that is named", 1, [2], 2, 2],
      ["nowhere once the one before was released", 2, [], undefined, undefined],
    ];
    for (const [what, generation, others, from, source] of table)
      it(what, () => assert.equal(sourceOf({ generation, kept: kept(...others), from }), source));
  });

  describe("what is wrong with their numbers", () => {
    const table: [string, number, number[], number | undefined, string[]][] = [
      ["nothing", 2, [1], undefined, []],
      [
        "the one in use is no other",
        2,
        [2],
        undefined,
        ["services.redis.kept[0].generation: generation 2 is in use; remove it from kept"],
      ],
      [
        "one that is there twice",
        3,
        [1, 1],
        undefined,
        ["services.redis.kept[1].generation: generation 1 is listed twice; list each kept volume once"],
      ],
      [
        "a source that is not kept",
        3,
        [2, 1],
        4,
        ["services.redis.from: generation 4 is not kept, so nothing can be copied from it; these are kept: 1, 2"],
      ],
      [
        "a source where none is kept",
        1,
        [],
        4,
        ["services.redis.from: generation 4 is not kept, so nothing can be copied from it; no generation is kept"],
      ],
    ];
    for (const [what, generation, others, from, faults] of table) {
      it(what, () => {
        const found = checkGenerations(
          { generation, kept: kept(...others), from, size: "1Gi", accessMode: "ReadWriteOnce" },
          { service: "redis" },
        );
        assert.deepEqual(
          found.map(({ path, message }) => `${path}: ${message}`),
          faults,
        );
      });
    }
  });

  it("the second has a claim and a job of its own, and the first stays as it is", () => {
    const { name, volume, className, size, move, kept } = claim(
      "redis: { size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }",
    );
    assert.deepEqual([name, volume, className, size], ["redis-data-2", "redis-data", "fast", "2Gi"]);
    assert.deepEqual(
      kept.map((old) => [old.name, old.className, old.size, old.protect]),
      [["redis-data", "local-path", "1Gi", true]],
    );
    assert.deepEqual(
      [move?.job, move?.kind, move?.from.name, move?.replace],
      ["redis-data-1-to-2", "copy", "redis-data", false],
    );
  });

  it("a claim with a name of its own has it in every generation", () => {
    const { name, move } = claim(
      "redis: { size: 1Gi, claim: mine, generation: 3, kept: [{ generation: 1, size: 1Gi }] }",
    );
    assert.deepEqual([name, move?.from.name, move?.job], ["mine-3", "mine", "redis-data-1-to-3"]);
  });

  it("a template's claim gets another template", () => {
    const { name, template, volume, move } = claim(
      "taskflow-db: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
    );
    assert.deepEqual([name, template, volume], ["postgres-data-2-taskflow-db-0", "postgres-data-2", "postgres-data-2"]);
    assert.deepEqual([move?.from.name, move?.from.template], ["postgres-data-taskflow-db-0", "postgres-data"]);
  });

  it("going back with the newest data brings an earlier volume up to date", () => {
    const { name, move } = claim(
      "redis: { size: 1Gi, generation: 1, from: 2, kept: [{ generation: 2, size: 2Gi, backend: fast }] }",
    );
    assert.deepEqual(
      [name, move?.job, move?.from.name, move?.replace],
      ["redis-data", "redis-data-2-to-1", "redis-data-2", true],
    );
  });
});
