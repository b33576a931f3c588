import { UserError } from "../../model/user-error";
import { withLock } from "../lock.mjs";
import { chooseSlot, SLOTS } from "./addresses";
import { layoutOf, type Layout } from "./layout";
import { machineNetworks, takenNames } from "./network";
import { instanceNames, readRecord } from "./record";

/**
 * Finds a free slot for the instance, where possible the one that it had before. No other start can take the slot until
 * `claim` has used it. Throws UserError when no slot is free.
 */
export async function claimSlot<T>(
  name: string,
  before: number | undefined,
  claim: (layout: Layout) => Promise<T>,
): Promise<T> {
  return withLock("instance slots", async () => {
    const others = instanceNames()
      .filter((other) => other !== name)
      .map((other) => readRecord(other)!.slot);
    const [networks, named] = await Promise.all([machineNetworks(), takenNames()]);
    const slot = chooseSlot(networks, [...others, ...named], before);
    if (slot === undefined) {
      throw new UserError(
        `All ${SLOTS.count} address ranges for local clusters in ${SLOTS.range} are in use on this machine (see ` +
          "`ip address` and `ip route`). Nothing was started. Delete a local cluster that you no longer need, with " +
          "its data: run `npm stop -- --delete` in its checkout.",
      );
    }
    return claim(layoutOf(name, slot));
  });
}
