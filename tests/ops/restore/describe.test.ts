import assert from "node:assert/strict";
import type { ListedPoint } from "../../../model/backup";
import { checkSizes, restored, textsOf } from "../../../ops/restore/describe";
import { planBatch } from "../../../ops/move/batch";
import { listPlaces } from "../../../ops/move/places";
import { backendTypes } from "../../../backends/catalogue";
import { planOf } from "../../../ops/pulumi/stack-plan";

const id = "0123456789abcdef".repeat(4);
const point: ListedPoint = {
  id,
  at: "2026-03-01T02:00:00Z",
  bytes: 1,
  added: 1,
  stack: "cluster-storage/dev",
  service: "redis",
  generation: "1",
  shrunk: false,
};
const owner = { project: "cluster-storage", stack: "dev" };
const text = (services: string) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    pod: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:backups: { repository: { rest: { url: "https://b.lan" }, password: { secure: v1:abc } } }
  cluster-storage:services:
    ${services}
`;

function batch(services: string, taken: number[] = []) {
  const planned = planOf(text(services), owner);
  const places = listPlaces(planned.config, backendTypes);
  const [service] = planned.plan.services.filter(({ name }) => services.includes(`${name}:`));
  const claims = planned.plan.services.find(({ name }) => name === services.split(":")[0])!.claims;
  void service;
  const from = { point: id };
  return planBatch({ owner, text: text(services), planned, places }, claims, { kind: "restore", from }, () => taken);
}
const inspected = (bytes: number) => ({ at: point.at, volumes: [{ volume: "redis-data", files: 2, bytes }] });

describe("a restore as an edit of the stack file", () => {
  it("goes to a new generation in the same place, keeps the one in use, and names the point", () =>
    assert.match(
      batch("redis: { size: 1Gi }").text.after,
      new RegExp(
        `redis: \\{ size: 1Gi, generation: 2, from: \\{ point: ${id} \\}, kept: \\[ ` +
          "\\{ generation: 1, size: 1Gi \\} \\] \\}",
      ),
    ));

  it("is above every generation that the cluster has something of", () =>
    assert.match(batch("redis: { size: 1Gi }", [4]).text.after, /generation: 5, from/));

  it("is of all volumes of the service", () => {
    const { moves } = batch(
      "taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi } }\n    taskflow-db: { size: 1Gi }",
    );
    assert.deepEqual(
      moves.map(({ after }) => [after.name, after.move?.kind, after.move?.job]),
      [
        ["app-storage-2", "restore", "app-storage-01234567-to-2"],
        ["logs-storage-2", "restore", "logs-storage-01234567-to-2"],
      ],
    );
  });

  it("takes the place of an earlier one", () => {
    const again = batch(
      "redis: { size: 1Gi, generation: 2, from: { point: 89abcdef01 }, kept: [{ generation: 1, size: 1Gi }] }",
    );
    assert.match(again.text.after, new RegExp(`generation: 3, from: \\{ point: ${id} \\}`));
  });

  it("leaves the volume in use, where a newer one is kept since a return", () => {
    const { text, moves } = batch("redis: { size: 1Gi, kept: [{ generation: 2, size: 1Gi }] }");
    assert.match(text.after, new RegExp(`generation: 3, from: \\{ point: ${id}, leaves: 1 \\}`));
    assert.equal(moves[0]?.after.move?.from.name, "redis-data");
  });

  it("is refused where the service's data would go with its pod", () =>
    assert.throws(() => batch("redis: { size: 1Gi, backend: pod }"), {
      name: "UserError",
      message:
        "redis has its data in its pod's own directory, which goes with the pod, so it could not be kept beside the " +
        "point; take it to a claim first: npm run move -- redis --to BACKEND",
    }));
});

describe("what a person reads of a restore", () => {
  const now = new Date("2026-03-01T05:00:00Z");
  const newer = [{ ...point, id: "f".repeat(64), at: "2026-03-01T04:00:00Z", shrunk: true }];

  it("is the point, what becomes of the service, and what stays", () => {
    const texts = textsOf("redis", point, inspected(2048), batch("redis: { size: 1Gi }"), { newer, now });
    assert.deepEqual(texts, {
      notes: [
        "Point 01234567 of cluster-storage/dev/redis: 2026-03-01 02:00 UTC (3h ago), 2.0 KiB in 2 files.",
        "Newer is ffffffff (2026-03-01 04:00 UTC, which has less than half of the data).",
        "It is brought to redis-data-2 (local-path, 1Gi) and compared, while redis goes on. Then redis is stopped, " +
          "and started there.",
        "What was written since 2026-03-01 02:00 UTC is on redis-data (local-path, 1Gi) only, which is kept, " +
          "untouched, until npm run release names it.",
      ],
      question: "Restore redis from 2026-03-01 02:00 UTC?",
    });
  });

  it("is how to return, once it is done", () =>
    assert.equal(
      restored("redis", point, batch("redis: { size: 1Gi }")),
      "redis is as it was at 2026-03-01 02:00 UTC. npm run move -- redis --back --as-it-was returns to what it had; " +
        "npm run release -- redis deletes that.",
    ));

  it("is that the volume is too small for the point", () => {
    const moves = batch("redis: { size: 1Gi }");
    checkSizes(point, inspected(2 ** 30), moves);
    assert.throws(() => checkSizes(point, inspected(2 ** 30 + 1), moves), {
      name: "UserError",
      message:
        "point 01234567 has 1.0 GiB of redis, and its volume has 1Gi; nothing was changed. Make it larger first: npm " +
        "run move -- redis --size SIZE",
    });
  });
});
