import assert from "node:assert/strict";
import { checkGenerations, sourceOf } from "../../plan/moves";
import type { ClaimPlan } from "../../model/storage";
import { planOf } from "../stack";

const config = (services: string) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
  cluster-storage:services:
    ${services}
`;

function claim(services: string): ClaimPlan {
  const { plan, faults } = planOf(config(services));
  assert.deepEqual(faults, []);
  return plan.services[0]!.claims[0]!;
}

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
        ["services.redis.kept[0].generation: 2 is the one in use; kept are the others"],
      ],
      [
        "one that is there twice",
        3,
        [1, 1],
        undefined,
        ["services.redis.kept[1].generation: 1 is there twice; each volume is kept once"],
      ],
      [
        "a source that is not kept",
        3,
        [2, 1],
        4,
        ["services.redis.from: 4 is not kept, so there is nothing to copy from; kept: 1, 2"],
      ],
      [
        "a source where none is kept",
        1,
        [],
        4,
        ["services.redis.from: 4 is not kept, so there is nothing to copy from; none is"],
      ],
    ];
    for (const [what, generation, others, from, faults] of table) {
      it(what, () => {
        const found = checkGenerations(
          { generation, kept: kept(...others), from, size: "1Gi", accessMode: "ReadWriteOnce" },
          "services.redis",
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

  describe("a node", () => {
    const volumes = (services: string) =>
      [claim(services), ...claim(services).kept].map(({ name, node, annotations }) => [
        name,
        node,
        annotations["volume.kubernetes.io/selected-node"],
      ]);
    it("is where the scheduler makes the claim's volume", () => {
      assert.deepEqual(
        volumes("redis: { size: 1Gi, node: b, generation: 2, kept: [{ generation: 1, size: 1Gi, node: a }] }"),
        [
          ["redis-data-2", "b", "b"],
          ["redis-data", "a", "a"],
        ],
      );
    });
    it("is the scheduler's choice where none is named", () => {
      const { annotations, ...volume } = claim("redis: { size: 1Gi }");
      assert.deepEqual(Object.keys(annotations), [
        "cluster-storage/uid",
        "cluster-storage/gid",
        "cluster-storage/mode",
      ]);
      assert.ok(!("node" in volume));
    });

    const table: [string, string | undefined, string | undefined, boolean, boolean][] = [
      ["neither names one: the new volume is made where the old one is", undefined, undefined, false, false],
      ["only the new one does", undefined, "b", false, true],
      ["both name the same", "b", "b", false, false],
      ["they name two", "a", "b", false, true],
      ["only the old one does: the new one is made beside it", "a", undefined, false, false],
      ["neither does, and the way leads back", undefined, undefined, true, false],
      ["only the newer one does, and the way leads back to where the first was made", "b", undefined, true, true],
      ["both name the same, and the way leads back", "b", "b", true, false],
      ["they name two, and the way leads back", "b", "a", true, true],
    ];
    for (const [what, from, to, back, across] of table) {
      it(`${across ? "may be" : "is not"} another than the data's where ${what}`, () => {
        const at = (node: string | undefined) => (node === undefined ? "" : `, node: ${node}`);
        const [own, other] = back ? [1, 2] : [2, 1];
        const { move } = claim(
          `redis: { size: 1Gi${at(to)}, generation: ${own}, from: ${other}, kept: [{ generation: ${other}, ` +
            `size: 1Gi${at(from)} }] }`,
        );
        assert.equal(move?.across, across ? true : undefined);
      });
    }
    it("is no matter between two nodes where the data leaves the running pod itself", () => {
      const fill = config(
        "redis: { size: 1Gi, node: b, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: pod }] }",
      ).replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:");
      const { plan, faults } = planOf(fill);
      assert.deepEqual(
        [faults, plan.services[0]?.claims[0]?.move?.kind, plan.services[0]?.claims[0]?.move?.across],
        [[], "fill", undefined],
      );
    });
  });

  it("two claims of a service don't move in one update where one goes to the pod's own directory", () => {
    const kept = "generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    const services =
      `taskflow: { storage: { size: 1Gi, backend: pod, ${kept} }, logs: { size: 1Gi, backend: ` +
      `fast, ${kept} } ` +
      `}\n    taskflow-db: { size: 1Gi }`;
    const { faults } = planOf(
      config(services).replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:"),
    );
    assert.deepEqual(
      faults.map(({ path, message }) => `${path}: ${message}`),
      [
        "services.taskflow.storage.generation: goes to a directory of the pod while the lines of " +
          "taskflow/logs's move are in the file; end that one first: let it move, then npm run release -- " +
          "taskflow/logs",
      ],
    );
  });

  it(
    "a template's claim doesn't go to the pod's own directory, which would go with the pod when the set is " +
      "made anew",
    () => {
      const scratch = (services: string) =>
        planOf(
          config(services).replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:"),
        ).faults.map(({ path, message }) => `${path}: ${message}`);
      const fault =
        "services.taskflow-db.generation: its claim comes from a StatefulSet's template, which can't be " +
        "changed: the StatefulSet is made anew once the data is in its pod's own directory, and that goes with the " +
        "pod; keep it on a claim, or start empty with from: none";
      assert.deepEqual(
        scratch("taskflow-db: { size: 1Gi, backend: pod, generation: 2, kept: [{ generation: 1, size: 1Gi }] }"),
        [fault],
      );
      assert.deepEqual(
        scratch(
          "taskflow-db: { size: 1Gi, backend: pod, generation: 2, from: none, kept: [{ generation: 1, size: 1Gi }] }",
        ),
        [],
      );
      assert.deepEqual(
        scratch("taskflow-db: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: pod }] }"),
        [],
      );
    },
  );

  it("a kept volume's place is checked as any other's", () => {
    const { faults } = planOf(
      config(
        "redis: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: fst, accessMode: " +
          "ReadWriteMany }] }",
      ),
    );
    assert.deepEqual(
      faults.map(({ path, message }) => `${path}: ${message}`),
      ['services.redis.kept[0].backend: no backend of this stack is called "fst"; did you mean "fast"?'],
    );
  });
});
