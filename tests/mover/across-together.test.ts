import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { type KubeObject } from "./fake-cluster";

import { deployment, move, useMovesAcross } from "./moves-across";

describe("a move from one node's disk to another's", () => {
  const scene = useMovesAcross();
  const { partOf, run, pods, assertBack } = scene;

  describe("of a service with two volumes", () => {
    const both: Move = {
      ...move,
      together: [
        {
          volume: "logs",
          source: { claim: "logs", generation: 1 },
          target: { claim: "logs-2", generation: 2, node: "node-2" },
          replace: false,
        },
      ],
    };
    const allInUse = () =>
      (scene.cluster.get(deployment).spec.template.spec.volumes as KubeObject[]).map(
        ({ persistentVolumeClaim }) => persistentVolumeClaim.claimName as string,
      );

    it("switches to both at once: with one on either node it could start on neither", async () => {
      assert.deepEqual(await run(both), { code: 0 });
      assert.deepEqual([allInUse(), pods()], [["redis-data-2", "logs-2"], ["redis-0"]]);
      assert.deepEqual(
        ["redis-data-2/dump.rdb", "logs-2/log"].map((path) => readFileSync(join(scene.root, path), "utf8")),
        ["the data", "a line"],
      );
      const served = scene.made
        .filter((pod) => partOf(pod) === "source")
        .map(({ spec }) => spec.volumes[1].persistentVolumeClaim.claimName as string);
      assert.deepEqual(
        [scene.made.map(partOf), served],
        [
          ["source", "measure", "source", "measure", "source", "copy", "source", "copy"],
          ["redis-data", "logs", "redis-data", "logs"],
        ],
      );
      assert.equal(scene.lines.filter((line) => line === "stopping redis").length, 1);
    });

    it("stays on both when one of them can't be copied", async () => {
      writeFileSync(join(scene.root, "logs-2/precious"), "x");
      const { code, message } = await run(both);
      assert.deepEqual(
        [code, message],
        [
          3,
          "redis was not moved from redis-data to redis-data-2: logs-2 is not empty (it has precious) and holds " +
            "no unfinished copy of logs; nothing was changed. To use logs-2 without a copy: write from: none in its " +
            "lines in the stack file. The service was left as it was.",
        ],
      );
      assert.deepEqual(allInUse(), ["redis-data", "logs"]);
      assertBack();
    });

    it("leaves one alone that is there already", async () => {
      const { metadata, spec } = scene.cluster.get(deployment);
      const volumes = [spec.template.spec.volumes[0], { name: "logs", persistentVolumeClaim: { claimName: "logs-2" } }];
      scene.cluster.put(deployment, {
        metadata,
        spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, volumes } } },
      });
      assert.deepEqual(await run(both), { code: 0 });
      assert.deepEqual(
        [allInUse(), scene.made.map(partOf)],
        [
          ["redis-data-2", "logs-2"],
          ["source", "measure", "copy"],
        ],
      );
      assert.deepEqual(readdirSync(join(scene.root, "logs-2")), []);
    });
  });
});
