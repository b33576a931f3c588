import { open, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Kube } from "../../../kube/client";
import { until } from "../state";
import { ballast } from "./ballast";
import { directoryOf } from "./volume";

/**
 * Changes the first byte of the copy's ballast, and keeps its time, from when it is there until the copy's pod has
 * ended.
 */
export async function corruptCopy(kube: Kube, namespace: string, claim: string): Promise<void> {
  const to = await until(
    "the copy has its volume",
    () => directoryOf(kube, namespace, claim).catch(() => undefined),
    300,
  );
  const copying = async () =>
    (await kube.core.listNamespacedPod({ namespace })).items.some(
      ({ metadata, status }) => metadata?.name?.endsWith("-copy") && status?.phase === "Running",
    );
  let over = false;
  const watched = until("the copy begins", copying, 300)
    .then(() => until("the copy ends", async () => !(await copying()), 300))
    .finally(() => (over = true));
  // All the while, and not between two looks at the pod: a small file is copied and read again in a moment.
  for (const file = join(to, ballast); !over; await delay(2)) await spoil(file, 0);
  await watched;
}

async function spoil(file: string, byte: number): Promise<void> {
  try {
    const { atime, mtime } = await stat(file);
    const handle = await open(file, "r+");
    await handle.write(Buffer.from([byte]), 0, 1, 0);
    await handle.close();
    await utimes(file, atime, mtime);
  } catch {
    // Not there yet, or removed as wrong.
  }
}
