import type { ResourceValidationPolicy } from "@pulumi/policy";
import { imagesOf, podOf } from "../kubernetes";
import { objectsOf } from "../objects";

/** An image is pinned, so the same manifest runs the same program now and after the next reschedule. */
export const pinnedImage: ResourceValidationPolicy = {
  name: "pinned-image",
  description:
    "An image names a version or a digest: another program on the same data, after no change of ours, may not " +
    "read it or may convert it for good.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      digest: { type: "boolean", default: false, description: "Only a digest counts: a registry can move a tag." },
    },
  },
  validateResource: (args, report) => {
    const { digest } = args.getConfig<{ digest: boolean }>();
    for (const object of objectsOf(args)) {
      for (const { of, image } of imagesOf(podOf(object) ?? {})) {
        // A patch that names no image leaves the image as it is.
        const fault = object.patch && image === "" ? undefined : unpinned(image, digest);
        if (fault) report(`${object.what}: image "${image}" of ${of} ${fault}`);
      }
    }
  },
};

/** Tags that move to newer images, alone or before a variant's name: latest-amd64, stable-alpine3.20. */
const moving =
  /^(latest|stable|edge|nightly|rolling|current|mainline|lts|canary|next|main|master|dev|develop)(?=$|[-_.])/i;

/** Such a tag behind a version or a variant's name: 7-latest, 3.20-edge. */
const movingToo = /[-_.](latest|edge|nightly|rolling)$/i;

/** Such a tag with a commit or a date means one image: main-3f2a1b9, nightly-20260101. */
const oneBuild = /(^|[-_.])(?=[0-9a-f]*\d)[0-9a-f]{7,}(?=$|[-_.])/i;

/** What is wrong with an image reference. Undefined if it always means the same image. */
function unpinned(image: string, digest: boolean): string | undefined {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  if (digest) return "has no digest; pin it with @sha256:…";
  // The tag is after the last slash. A colon before that slash belongs to the registry's port.
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return "has no tag, which means latest; name a version";
  // A version contains a digit.
  const moves = moving.test(tag) || movingToo.test(tag);
  return /\d/.test(tag) && (!moves || oneBuild.test(tag))
    ? undefined
    : `has the tag ${tag}, which changes by itself; name a version`;
}
