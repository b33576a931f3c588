import assert from "node:assert/strict";
import { planOf } from "../stack";
import { claim, config } from "./moves-fixture";

describe("generations of a volume", () => {
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
});
