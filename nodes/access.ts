import { homedir } from "node:os";
import { resolve } from "node:path";
import type { Hidden } from "../model/hidden";
import { NodeAway } from "../model/node-preparation";

/** How this machine gets at what `cluster-storage:nodeAccess` names. */

/** Why a node can't be asked whose address neither the config nor the cluster says. */
export const noAddress = "the cluster doesn't say its address; write it as address";

/** A path on this machine, as absolute one. No shell is there that would replace `~`. */
export const ownPath = (path: string): string => resolve(path.replace(/^~(?=\/|$)/, homedir()));

/**
 * A secret of `cluster-storage:nodeAccess` in plain text; `what` it is. A command that reads the stack file alone has
 * no way to decrypt it: then it throws NodeAway, `sealed`.
 */
export function revealed(secret: Hidden, what: string): string {
  try {
    return secret.reveal();
  } catch {
    throw new NodeAway(`${what} is a secret of the stack, which only pulumi preview and pulumi up can decrypt`, true);
  }
}
