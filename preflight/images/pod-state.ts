import type { Item } from "../../kube/read/objects";

export interface TriedPod extends Item {
  spec?: { nodeName?: string };
  status?: {
    phase?: string;
    containerStatuses?: {
      imageID?: string;
      state?: { waiting?: { reason?: string; message?: string }; running?: object; terminated?: object };
    }[];
  };
}

/** Why a kubelet has no image, in its own words of one line. The words after the reasons stand for themselves. */
const refusals = [
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
];

export type Outcome = { got: true } | { got: false; why: string } | undefined;

/**
 * Whether the kubelet has got the image that a pod needs, and if not, its own words; undefined while it is at it. What
 * the image's program does is of no account: an image may have no program of that name.
 */
export function outcomeOf({ status }: TriedPod): Outcome {
  const [container] = status?.containerStatuses ?? [];
  const { waiting, running, terminated } = container?.state ?? {};
  if (running ?? terminated) return { got: true };
  if (waiting?.reason !== undefined && refusals.includes(waiting.reason))
    return { got: false, why: [waiting.reason, firstLine(waiting.message)].filter(Boolean).join(": ") };
  return container?.imageID || (waiting?.reason && /^(Create|Run)Container|CrashLoop/.test(waiting.reason))
    ? { got: true }
    : undefined;
}

const firstLine = (text = "") => text.split("\n")[0]!.trim();
