import { z } from "zod";
import { count, flag, list, nonEmpty, object, oneOf, record } from "../../config/fields";
import { image, nameForm, nodePath } from "../../config/forms";
import { podSettings } from "../../config/settings/pod";
import { classSettings } from "../shared/classes";
import { mustBeEncrypted } from "../shared/encryption";

/** A local-path backend's entry in the stack config. */
export const schema = object({
  type: z.literal("local-path"),
  path: nodePath.optional().meta({
    description:
      "Directory for volumes on every node that `nodes` doesn't name; a mount of its own. Required without `nodes`.",
  }),
  nodes: record(list(nodePath), nameForm)
    .default({})
    .describe(
      "Directories of single nodes, by node. Of several one is picked at random; `[]` keeps volumes off a node.",
    ),
  ...classSettings,
  sharedDisk: flag
    .default(false)
    .describe("The directories may lie on the nodes' own disks; otherwise each has to be a mount of its own."),
  encrypted: mustBeEncrypted,
  overCommit: oneOf(["refuse", "warn"])
    .default("refuse")
    .describe("What happens when claims may grow to more than the disks have: the update is refused, or a warning."),
  version: nonEmpty("a version is for instance v0.0.37")
    .meta({ pattern: "^v[0-9]+\\.[0-9]+\\.[0-9]+" })
    .default("v0.0.37")
    .describe(
      "Version of the provisioner. Below v0.0.36 it is refused for CVE-2025-62878 and CVE-2026-44543, unless " +
        "`allowVulnerable` says why.",
    ),
  image: image.optional().meta({ description: "Image of the provisioner.", otherwise: "upstream's, of `version`" }),
  helperImage: image
    .default("busybox:1.37.0-musl")
    .describe("Image that makes and removes the directories: a shell with `mkdir`, `chown`, `chmod` and `rm`."),
  // With the provisioner's own defaults, many claims at once would wait for each other.
  workers: count(1, 100).default(24).describe("Volumes that are made at a time."),
  qps: count(1, 1000).default(100).describe("Requests per second of the provisioner's client."),
  burst: count(1, 2000).default(200).describe("Requests that its client may send at once."),
  tolerations: podSettings.tolerations.meta({
    description: "Taints in spite of which the provisioner may run. The pods that make directories run on every node.",
    otherwise: "those of `cluster-storage:defaults`",
    unlisted: true,
  }),
  imagePullSecrets: podSettings.imagePullSecrets.meta({
    description:
      "Names of Secrets with the credentials of registries, made by hand in the provisioner's namespace " +
      "(`NAME-storage`).",
    otherwise: "those of `cluster-storage:defaults`",
  }),
  allowVulnerable: nonEmpty("say why a vulnerable version is good enough here")
    .optional()
    .meta({ description: "Why a version with known holes is good enough here, such as a throw-away cluster." }),
});

export type LocalPathConfig = z.infer<typeof schema>;
