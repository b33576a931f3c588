import assert from "node:assert/strict";
import { dependencies, deploy, instructions } from "./moved";
import { generated, names, one, secretOf, type Recorded } from "./recorded";

describe("a move", () => {
  describe("from one node's disk to another's", () => {
    let all: Recorded[];
    before(
      async () =>
        (all = await deploy("redis: { size: 2Gi, node: node-2, generation: 2, kept: [{ generation: 1, size: 1Gi }] }")),
    );

    it("tells the job where the volume is made, and what its pods know each other by", () => {
      const { target, across } = instructions(one(all, "Job", "redis-redis-data-1-to-2"));
      assert.deepEqual(target, {
        claim: "redis-data-2",
        generation: 2,
        accessMode: "ReadWriteOnce",
        node: "node-2",
      });
      assert.deepEqual(across, { secret: "redis-move", key: "redis-data-1-to-2", port: 7411 });
    });

    it("has a secret key for each such job, which nothing keeps", () => {
      const secret = one(all, "Secret", "redis-move");
      assert.deepEqual(secretOf(secret.inputs.stringData), {
        "redis-data-1-to-2": generated("redis-move-redis-data-1-to-2"),
      });
      assert.deepEqual([secret.opts.protect, secret.opts.retainOnDelete], [undefined, undefined]);
      assert.equal(one(all, "RandomPassword", "redis-move-redis-data-1-to-2").inputs.length, 64);
    });

    it("lets the move's own pods through to each other on one port, and no others", () => {
      const podSelector = { matchLabels: { "app.kubernetes.io/name": "redis-move" } };
      const ports = [{ protocol: "TCP", port: 7411 }];
      assert.deepEqual(one(all, "NetworkPolicy", "redis-move-across").inputs.spec, {
        podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector }], ports }],
        egress: [{ to: [{ podSelector }], ports }],
      });
    });

    it("begins when all that is there", () => {
      const job = dependencies(one(all, "Job", "redis-redis-data-1-to-2"));
      assert.deepEqual(
        ["redis-move", "redis-move-across"].filter((name) => !job.includes(name)),
        [],
      );
    });
  });

  it("to another node takes all volumes of the pod along at once, by the first one's job", async () => {
    const lines = "size: 1Gi, node: node-2, generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    const all = await deploy(`taskflow: { storage: { ${lines} }, logs: { ${lines} } }\n    taskflow-db: { size: 1Gi }`);
    const [storage, logs] = ["taskflow-app-storage-1-to-2", "taskflow-logs-storage-1-to-2"].map((name) =>
      instructions(one(all, "Job", name)),
    );
    const accessMode = "ReadWriteOnce";
    assert.deepEqual(storage!.together, [
      {
        volume: "logs-storage",
        source: { claim: "logs-storage", generation: 1, accessMode, size: "1Gi" },
        target: { claim: "logs-storage-2", generation: 2, accessMode, node: "node-2" },
        replace: false,
      },
    ]);
    assert.deepEqual([logs!.together, (logs!.across as { key: string }).key], [undefined, "logs-storage-1-to-2"]);
  });

  it("on one node has neither a key nor a way between its pods", async () => {
    const all = await deploy(
      "redis: { size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }",
    );
    assert.deepEqual(
      [
        names(all, "NetworkPolicy").includes("redis-move-across"),
        names(all, "Secret").includes("redis-move"),
        names(all, "RandomPassword").some((name) => name.startsWith("redis-move")),
      ],
      [false, false, false],
    );
  });
});
