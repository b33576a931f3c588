import type { ResourceValidationPolicy } from "@pulumi/policy";
import { containersOf, describe, podOf } from "../kubernetes";

/** The same manifest runs the same program, today and after the next reschedule. */
export const pinnedImage: ResourceValidationPolicy = {
  name: "pinned-image",
  description: "An image names a version or a digest: another program on the same data, after no change of ours, may not read it or may convert it for good.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: { digest: { type: "boolean", default: false, description: "Only a digest counts: a registry can move a tag." } },
  },
  validateResource: (args, report) => {
    const { digest } = args.getConfig<{ digest: boolean }>();
    for (const { name, image = "" } of containersOf(podOf(args) ?? {})) {
      const fault = unpinned(image, digest);
      if (fault) report(`${describe(args)}: image "${image}" of container ${name} ${fault}`);
    }
  },
};

/** What is wrong with an image reference; undefined where it always means the same image. */
function unpinned(image: string, digest: boolean): string | undefined {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  if (digest) return "has no digest; pin it with @sha256:…";
  // What follows the last slash: a colon before it belongs to the registry's port.
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return "has no tag, which means latest; name a version";
  // Names such as latest, stable or edge go on to another image; a version has a number.
  return /\d/.test(tag) ? undefined : `has the tag ${tag}, which changes by itself; name a version`;
}
