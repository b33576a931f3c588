import { z } from "zod";
import { count, flag, image, list, nodePath, nonEmpty, object, oneOf } from "../../config/fields";
import { classSettings } from "../shared/classes";

/** A local-path backend's entry in the stack config. */
export const schema = object({
  type: z.literal("local-path"),
  /** Where volumes are kept, on every node that `nodes` doesn't name. */
  path: nodePath.optional(),
  /** Paths of single nodes; one of several is picked at random, none at all keeps volumes off the node. */
  nodes: z.record(z.string(), list(nodePath)).default({}),
  ...classSettings,
  /** Whether the paths may lie on the nodes' own disks; otherwise each has to be a mount of its own. */
  sharedDisk: flag.default(false),
  /** What happens when claims may grow to more than the disks have: no update, or a warning. */
  overCommit: oneOf(["refuse", "warn"]).default("refuse"),
  version: nonEmpty("a version is for instance v0.0.37").default("v0.0.37"),
  image: image.optional(),
  /** Makes and removes the directories; a shell with mkdir, chown, chmod and rm. */
  helperImage: image.default("busybox:1.37.0-musl"),
  /** Volumes made at a time, and rates of the client. With the stock ones, many claims at once wait for each other. */
  workers: count(1, 100).default(24),
  qps: count(1, 1000).default(100),
  burst: count(1, 2000).default(200),
  /** Why a version with known holes is good enough here, such as a throw-away cluster. */
  allowVulnerable: nonEmpty("say why a vulnerable version is good enough here").optional(),
});

export type LocalPathConfig = z.infer<typeof schema>;
