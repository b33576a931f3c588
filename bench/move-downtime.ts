import { join } from "node:path";
import { deleteInstance } from "../local-cluster/instance/instance";
import { instanceDir } from "../local-cluster/paths";
import type { Progress } from "../local-cluster/progress";
import { prepareLocal } from "../ops/start/local";
import { Ground } from "../tests/e2e/moves/ground";
import { moved } from "../tests/e2e/moves/lines";
import { subjects, type Subject } from "../tests/e2e/moves/subjects";
import { movedTo } from "../tests/e2e/moves/volume";
import { longestGap, Writer } from "../tests/e2e/moves/writer";
import { differenceResult, type Result } from "./result";

/** Seconds that a service may be down in addition to the time that copying and checking its data takes. */
const bound = 10;
const rounds = 3;
const instance = "bench-move";

/**
 * Measures how long a service acknowledges no write while it moves between two classes, and compares that with the time
 * of the copy, which the move notes on the new claim. The services are a Deployment, a StatefulSet, and a StatefulSet
 * whose claim comes from its template.
 */
export async function measureDowntime(progress: Progress): Promise<Result[]> {
  const { target, overrides } = await prepareLocal(progress, instance, false);
  const cluster = { target, overrides, kube: target.connect(), volumes: join(instanceDir(instance), "volumes") };
  try {
    const ground = new Ground(
      cluster,
      subjects.map(({ name }) => name),
    );
    await ground.write();
    await ground.succeed();
    const results: Result[] = [];
    for (const subject of subjects) {
      const writer = new Writer(cluster, subject);
      await writer.start();
      results.push(
        await progress.step(`${subject.name} down while it moves`, () =>
          measureSubject(ground, subject, writer, progress),
        ),
      );
      await writer.stop();
    }
    return results;
  } finally {
    await deleteInstance(instance);
  }
}

async function measureSubject(ground: Ground, subject: Subject, writer: Writer, progress: Progress): Promise<Result> {
  const pairs = [];
  // The first round finds cold caches, so it does not count.
  for (let round = 0; round <= rounds; round++) {
    const pair = await measureOne(ground, subject, writer);
    progress.info(
      `${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}: down for ${pair.ours.toFixed(2)} s, copied ` +
        `in ${pair.other.toFixed(2)} s`,
    );
    if (round > 0) pairs.push(pair);
  }
  return differenceResult(`${subject.name} down beyond the copy`, pairs, bound);
}

/** Seconds without an acknowledged write, and seconds of the copy. */
async function measureOne(
  ground: Ground,
  { name, ref, claim }: Subject,
  writer: Writer,
): Promise<{ ours: number; other: number }> {
  const lines = moved(ground.lines.get(name)!, "to the other backend");
  ground.lines.set(name, lines);
  await ground.write();
  const started = Date.now();
  await ground.succeed();
  await writer.acknowledgedAfter(Date.now());
  const copied = await movedTo(ground.cluster.kube, ref.namespace, claim(lines.current.generation));
  const lost = await writer.lost();
  if (!copied || lost.length > 0)
    throw new Error(
      `${name}: ${copied ? `${lost.length} acknowledged writes are lost` : "nothing says that it was copied"}`,
    );
  return { ours: longestGap(await writer.acknowledged(), started) / 1000, other: copied.seconds };
}
