import assert from "node:assert/strict";
import { ifFound } from "../../../kube/client";
import type { Cluster } from "../fixture";
import { killHard } from "../kill";
import type { Ground } from "./ground";
import { begun, type Watched } from "./moment";
import { database, redis } from "./services-on-nodes";

/**
 * Updates, and kills while both copies run: the pod that serves Redis' source, and the update itself. Returns when the
 * update has ended.
 */
export async function killSourceAndUpdate(cluster: Cluster, ground: Ground): Promise<void> {
  const update = ground.up();
  let over = false;
  const ended = update.then(() => (over = true));
  const watched = ([redis, database] as const).map((subject): Watched => ({
    kube: cluster.kube,
    subject,
    job: `${subject.volume}-1-to-2`,
    target: subject.claim(2),
  }));
  const [first, other] = watched as [Watched, Watched];
  const source = begun("copy", first, () => over).then(
    async (inTime) =>
      inTime &&
      (await ifFound(
        cluster.kube.core.deleteNamespacedPod({
          name: `${first.job}-source`,
          namespace: redis.ref.namespace,
          gracePeriodSeconds: 0,
        }),
      )) !== undefined,
  );
  // The other copy may begin first: the update lives until both kills have their moment.
  const killed = begun("copy", other, () => over).then(async (inTime) => {
    await source;
    killHard(update.pid!, true);
    return inTime;
  });
  const inTime = await Promise.all([source, killed]);
  await ended;
  assert.deepEqual(inTime, [true, true]);
}
