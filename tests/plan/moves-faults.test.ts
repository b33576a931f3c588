import assert from "node:assert/strict";
import { planOf } from "../stack";
import { config } from "./moves-fixture";

describe("generations of a volume", () => {
  it("two claims of a service don't move in one update where one goes to the pod's own directory", () => {
    const kept = "generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    const services =
      `taskflow: { storage: { size: 1Gi, backend: pod, ${kept} }, logs: { size: 1Gi, backend: fast, ${kept} } }\n` +
      "    taskflow-db: { size: 1Gi }";
    const { faults } = planOf(
      config(services).replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:"),
    );
    assert.deepEqual(
      faults.map(({ path, message }) => `${path}: ${message}`),
      [
        "services.taskflow.storage.generation: this claim's data can't go to a directory of the pod while the move " +
          "of taskflow/logs is in the file too; finish that one first: run the update, then npm run release -- " +
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
        "services.taskflow-db.generation: the data can't go to a directory of the pod, because the claim comes from " +
        "a StatefulSet's template, which can't be changed: the StatefulSet would be made anew after the data has " +
        "arrived, and the directory is deleted with its pod; keep the data on a claim, or start empty with from: none";
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
