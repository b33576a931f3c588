import assert from "node:assert/strict";
import { backendTypes } from "../../backends/catalogue";
import { createServices } from "../../components/services";
import { Storage } from "../../components/storage";
import { Hidden } from "../../model/hidden";
import type { MoveBinding } from "../../model/move-rights";
import { unguarded } from "../unguarded";
import { planOf } from "../stack";
import { instructions } from "./moved";
import { names, one, record } from "./recorded";

const point = "0123456789abcdef".repeat(4);
const restored = `size: 1Gi, generation: 2, from: { point: ${point} }, kept: [{ generation: 1, size: 1Gi }]`;
const yaml = (services: string) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:mover: { image: "mover:1" }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:backups:
    repository:
      rest: { url: "https://backup.lan:8000/c" }
      password: { secure: v1:abc }
  cluster-storage:services:
    ${services}
`;

async function deployed(services: string) {
  const bindings: MoveBinding[] = [];
  const rights = { give: async (binding: MoveBinding) => void bindings.push(binding), take: async () => undefined };
  const { plan, faults } = planOf(yaml(services));
  assert.deepEqual(faults, []);
  // What a stack file has is encrypted, and only Pulumi can read it.
  const opened = { rest: { url: "https://backup.lan:8000/c" }, password: new Hidden("the password") };
  const backups = { ...plan.backups!, repository: opened };
  const all = await record((opts) => {
    const storage = new Storage("storage", { ...plan, types: backendTypes }, opts);
    createServices({ ...plan, backups, storage, ...unguarded, rights }, opts);
  });
  return { all, bindings };
}

describe("the job of a restore", () => {
  it("is told of the point, of the image with restic, and whose files the service goes on with", async () => {
    const { all } = await deployed(`redis: { ${restored}, image: "redis:7.4.2" }`);
    const { kind, source, target, restore } = instructions(one(all, "Job", "redis-redis-data-01234567-to-2"));
    const { engine, ...rest } = restore as { engine: { planned: object } };
    assert.deepEqual(
      [kind, source, target, rest, engine.planned],
      [
        "restore",
        { claim: "redis-data", generation: 1, accessMode: "ReadWriteOnce", size: "1Gi" },
        { claim: "redis-data-2", generation: 2, accessMode: "ReadWriteOnce" },
        {
          point,
          of: "cluster-storage/test/redis",
          image: "restic/restic:0.19.1",
          repository: "https://backup.lan:8000/c",
          secret: "redis-move-repository",
          env: {},
        },
        { engine: "Redis", version: "7.4.2", image: "redis:7.4.2" },
      ],
    );
  });

  it("keeps the volume that the service leaves, protected", async () => {
    const { all } = await deployed(`redis: { ${restored} }`);
    assert.deepEqual(names(all, "PersistentVolumeClaim"), ["redis-data", "redis-data-2"]);
    assert.equal(one(all, "PersistentVolumeClaim", "redis-data").opts.retainOnDelete, true);
  });

  it("restores all volumes of a pod before one switch, and compares the key that its data needs", async () => {
    const { all } = await deployed(
      `taskflow: { storage: { ${restored} }, logs: { ${restored} } }\n    taskflow-db: { size: 1Gi }\n` +
        `    n8n: { ${restored} }\n    postgres: { size: 1Gi }`,
    );
    const { together } = instructions(one(all, "Job", "taskflow-app-storage-01234567-to-2"));
    assert.deepEqual(
      (together as { volume: string; target: { claim: string } }[]).map(({ volume, target }) => [volume, target.claim]),
      [["logs-storage", "logs-storage-2"]],
    );
    const { restore } = instructions(one(all, "Job", "n8n-n8n-data-01234567-to-2"));
    assert.deepEqual((restore as { keys: object }).keys, { secret: "n8n", names: ["encryption-key"] });
  });

  it("has what opens the repository only while it runs, and not in the state", async () => {
    const { all, bindings } = await deployed(`redis: { ${restored} }`);
    assert.deepEqual(bindings[0]!.repository, {
      password: "the password",
      repository: "rest:https://backup.lan:8000/c",
    });
    assert.ok(!names(all, "Secret").includes("redis-move-repository"));
    const move = await deployed("redis: { size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }");
    assert.equal(move.bindings[0]!.repository, undefined);
  });

  it("lets its pods reach names and the repository's port, beside the API server", async () => {
    const { all } = await deployed(`redis: { ${restored} }`);
    const { egress } = one(all, "NetworkPolicy", "redis-move").inputs.spec as {
      egress: { ports: { port: number }[] }[];
    };
    assert.deepEqual(
      egress.map(({ ports }) => ports.map(({ port }) => port)),
      [[443, 6443, 8443], [53, 53], [8000]],
    );
  });
});
