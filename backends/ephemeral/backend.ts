import { z } from "zod";
import { nonEmpty, object } from "../../config/fields";
import type { Backend } from "../../model/backend";

const schema = object({
  type: z.literal("ephemeral"),
  allowDataLoss: nonEmpty("say why this stack may lose its data, for instance: a demo that starts empty").describe(
    "Why this stack may lose what its services store: all of it is gone at every restart of a pod.",
  ),
});

/** A directory with a limit on its size, which is made and deleted with its pod. No data is kept. */
export const backend: Backend<z.infer<typeof schema>> = {
  type: "ephemeral",
  schema,
  // A pod that stores more than its size is evicted.
  capabilities: () => ({ expand: false, snapshot: false, enforcesSize: true, followsNode: true }),
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "the directory is that of one pod",
  classes: () => [{ name: "", isDefault: false, ephemeral: true }],
  check: () => [],
};
