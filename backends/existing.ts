import { accessMode, dnsName, flag, list, object } from "../config/fields";
import { z } from "zod";
import type { Backend } from "./types";

const schema = object({
  type: z.literal("existing"),
  /** The StorageClass, which has to be in the cluster already. */
  class: dnsName,
  accessModes: list(accessMode).min(1, "is empty; name what the class can do, for instance [ReadWriteOnce]"),
  /** Whether it is the cluster's default: a statement, the class itself is left as it is. */
  default: flag.default(false),
});

/** A class that somebody else installed and looks after, such as Minikube's `standard`. */
export const existing: Backend<z.infer<typeof schema>> = {
  type: "existing",
  schema,
  // Nothing is known of it, so nothing is promised.
  capabilities: { expand: false, snapshot: false, enforcesSize: false },
  accessModes: (config) => config.accessModes,
  accessModeReason: "its accessModes in the stack config don't name it",
  classes: (_name, config) => [{ name: config.class, isDefault: config.default }],
  check: () => [],
  plan: (name, config) => ({ name, type: "existing", classes: [], uses: [{ name: config.class, isDefault: config.default }] }),
};
