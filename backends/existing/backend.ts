import { z } from "zod";
import { accessMode, dnsName, flag, list, object, oneOf } from "../../config/fields";
import { onFileShare } from "../shared/file-share";
import type { Backend } from "../../model/backend";

const schema = object({
  type: z.literal("existing"),
  /** The StorageClass, which has to be in the cluster already. */
  class: dnsName,
  accessModes: list(accessMode).min(1, "is empty; name what the class can do, for instance [ReadWriteOnce]"),
  /** Whether it is the cluster's default. */
  default: flag.default(false),
  /** What is done where the class says otherwise: nothing but to say so, or the class's flag is changed. */
  defaultFlag: oneOf(["respect", "patch"]).default("respect"),
  /** What it can do, where the cluster can't be asked; a class says only whether its claims expand. */
  expand: flag.optional(),
  snapshot: flag.default(false),
  enforcesSize: flag.default(false),
  followsNode: flag.default(false),
  /** Its volumes are shares of a file server, such as NFS, which not every engine bears. */
  fileShare: flag.default(false),
});

/** A class that somebody else installed and looks after, such as Minikube's `standard`. */
export const backend: Backend<z.infer<typeof schema>> = {
  type: "existing",
  schema,
  // Nothing that isn't said is promised.
  capabilities: ({ expand = false, snapshot, enforcesSize, followsNode }) => ({
    expand,
    snapshot,
    enforcesSize,
    followsNode,
  }),
  accessModes: (config) => config.accessModes,
  accessModeReason: "its accessModes in the stack config don't name it",
  classes: (_name, { class: name, default: isDefault, defaultFlag, expand, snapshot, enforcesSize, followsNode }) => [
    {
      name,
      isDefault,
      use: {
        patch: defaultFlag === "patch",
        // Whether claims expand is read from the cluster's class, unless the config says it.
        capabilities: { ...(expand === undefined ? {} : { expand }), snapshot, enforcesSize, followsNode },
      },
    },
  ],
  check: () => [],
  claim: (request, { fileShare }) => (fileShare ? onFileShare(request) : {}),
};
