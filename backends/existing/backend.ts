import { z } from "zod";
import { filledList, flag, object, oneOf } from "../../config/fields";
import { accessMode, dnsName } from "../../config/forms";
import { onFileShare } from "../shared/file-share";
import type { Backend } from "../../model/backend";

const schema = object({
  type: z.literal("existing"),
  class: dnsName.describe("The StorageClass, which has to be in the cluster already."),
  accessModes: filledList(accessMode, "name what the class can do, for instance [ReadWriteOnce]").describe(
    "The access modes that its volumes can have.",
  ),
  default: flag.default(false).describe("Whether it is the cluster's default class."),
  defaultFlag: oneOf(["respect", "patch"])
    .default("respect")
    .describe("Where the class in the cluster says otherwise: `respect` refuses the update, `patch` changes its flag."),
  expand: flag.optional().meta({
    description: "Its claims can grow.",
    otherwise: "what the class in the cluster says",
  }),
  snapshot: flag.default(false).describe("Its volumes can have snapshots."),
  enforcesSize: flag.default(false).describe("A volume can't hold more than its size."),
  followsNode: flag.default(false).describe("A volume stays on the node that it was made on."),
  fileShare: flag
    .default(false)
    .describe("Its volumes are shares of a file server, such as NFS, which not every service's engine bears."),
});

/** A class that somebody else installed and looks after, such as Minikube's `standard`. */
export const backend: Backend<z.infer<typeof schema>> = {
  type: "existing",
  schema,
  // The class promises only what the config says.
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
        // If the config doesn't say whether claims expand, the cluster's class tells it.
        capabilities: { ...(expand === undefined ? {} : { expand }), snapshot, enforcesSize, followsNode },
      },
    },
  ],
  check: () => [],
  claim: (request, { fileShare }) => (fileShare ? onFileShare(request) : {}),
};
