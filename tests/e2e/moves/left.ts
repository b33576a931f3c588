import assert from "node:assert/strict";
import { isMarked } from "../../../mover/copy/marker";
import { waitForReadyPod } from "../../../kube/pods";
import type { Watched } from "./moment";
import { digestOf, directoryOf, movedTo, type VolumeDigest } from "./volume";
import type { Writer } from "./writer";

/** A volume that its service left, in a move that took from `begun` to `done`. */
export interface Left extends VolumeDigest {
  begun: number;
  done: number;
}

/**
 * The service has nothing of what it acknowledged between its leaving the volume and its return, and all from before
 * and after.
 */
export async function assertAsItWas(
  { kube, subject: { name, ref } }: Watched,
  writer: Writer,
  { done }: Left,
  returned: number,
): Promise<void> {
  const pod = await waitForReadyPod(kube, ref, 180_000);
  const started =
    pod.status?.containerStatuses?.find((container) => container.name === name)?.state?.running?.startedAt?.getTime() ??
    0;
  const [acknowledged, stored] = [[...(await writer.acknowledged())], await writer.stored()];
  const since = acknowledged.filter(([, at]) => at > done && at < returned).map(([number]) => number);
  assert.ok(since.length > 0, "nothing was written since");
  assert.deepEqual(
    since.filter((number) => stored.has(number)),
    [],
    `${name} has what was written since it left the volume`,
  );
  writer.leaveBehind(
    acknowledged.filter(([number, at]) => at < started && !stored.has(number)).map(([number]) => number),
  );
}

/** Until the pod's data is whole on the claim, what that held before is: else both could be lost with the pod. */
export async function assertWhole({ kube, subject, target }: Watched, superseded: VolumeDigest): Promise<void> {
  const { namespace } = subject.ref;
  if (isMarked(await directoryOf(kube, namespace, target))) return;
  const { content } = await digestOf(kube, namespace, target);
  if (content !== superseded.content)
    assert.equal(
      content,
      (await movedTo(kube, namespace, target))?.sha256,
      `${target} has neither its old content nor all of the pod's`,
    );
}
