import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { decideMove } from "../../../ops/move/decide";
import { findClaim } from "../../../ops/move/find";
import { readTaken, takenGenerations } from "../../../ops/move/taken";
import { committedStacks, planOf } from "../../stack";
import { first, places } from "./entries";

const { plan } = planOf(committedStacks().get("dev")!, "dev");
const redis = findClaim("redis", plan);
const database = findClaim("taskflow-db", plan);
const at = `${redis.namespace}/redis-data`;

describe("the number of a new generation", () => {
  it("is above those of claims and of volumes that outlived theirs, whatever the file says", () => {
    const names = [at, `${at}-2`, `${at}-5`, `${at}-x`, `${at}-07`, `other/redis-data-9`, `${redis.namespace}/redis-3`];
    assert.deepEqual(takenGenerations(redis, names), [2, 5]);
    const { edit } = decideMove("redis", first, { kind: "to", to: "fast" }, places, [2, 5]);
    assert.deepEqual([edit.generation, edit.from], [6, undefined]);
    assert.equal(decideMove("redis", first, { kind: "size", size: "2Gi" }, places, [4]).edit.generation, 5);
  });

  it("counts a later generation's name from the first one's, and a template's from the template's", () => {
    const later = { ...redis, name: "redis-data-3", generation: 3 };
    assert.deepEqual(takenGenerations(later, [`${at}-4`, `${at}-3-4`]), [4]);
    const { namespace } = database;
    assert.deepEqual(
      takenGenerations(database, [
        `${namespace}/postgres-data-4-taskflow-db-0`,
        `${namespace}/postgres-data-5-other-0`,
      ]),
      [4],
    );
  });

  const cluster = (volumes: () => Promise<unknown>) => ({
    core: {
      listPersistentVolumeClaimForAllNamespaces: async () => ({
        items: [{ metadata: { name: "redis-data-2", namespace: redis.namespace }, spec: {} }],
      }),
      listPersistentVolume: volumes,
    } as never,
  });

  it("is read from the cluster's claims and the claims that its volumes name", async () => {
    const released = {
      metadata: { name: "pv" },
      spec: { claimRef: { namespace: redis.namespace, name: "redis-data-3" } },
    };
    const taken = await readTaken(cluster(async () => ({ items: [released] })));
    assert.deepEqual(taken(redis), [2, 3]);
  });

  it("goes by the claims alone where volumes may not be listed", async () => {
    const forbidden = new ApiException(403, "forbidden", undefined, {});
    assert.deepEqual((await readTaken(cluster(() => Promise.reject(forbidden))))(redis), [2]);
  });
});
