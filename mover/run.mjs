// @ts-check
import { MoveError } from "./faults.mjs";
import { fillClaim } from "./fill.mjs";
import { moveClaim } from "./move.mjs";
import { removePods } from "./own-pods.mjs";
import { becomesReady, bringBack } from "./service.mjs";
import { spillClaim } from "./spill.mjs";
import { nameOf } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */

const kinds = { copy: moveClaim, fill: fillClaim, spill: spillClaim };

/**
 * Runs a move to its end, or takes back what it began.
 * @param {Context} context @returns {Promise<{ code: number, message?: string }>}
 */
export async function runMove(context) {
  try {
    await kinds[context.move.kind](context);
    return { code: 0 };
  } catch (error) {
    return takeBack(context, /** @type {Error} */ (error));
  }
}

/** @param {Context} context @param {Error} error */
async function takeBack(context, error) {
  const { move, log } = context;
  const known = error instanceof MoveError;
  const reason =
    `${move.service} was not moved from ${nameOf(move.source)} ` +
    `to ${nameOf(move.target)}: ${known ? error.message : (error.stack ?? error.message)}`;
  const code = known && !error.transient ? 3 : 1;
  try {
    await removePods(context);
    if (!(await bringBack(context))) return { code, message: `${reason}. The service was left as it was.` };
    log(`${move.service} is started on ${nameOf(move.source)} again`);
    // Whoever ends this waits for us, and not for the service.
    const ready = context.signal?.aborted
      ? undefined
      : await becomesReady(context, Math.min(context.readyPatience, 120_000));
    return { code, message: `${reason}. The service is ${ready ? "back" : "started"} on ${nameOf(move.source)}.` };
  } catch (second) {
    return {
      code,
      message: `${reason}. The service could not be brought back: ${/** @type {Error} */ (second).message}`,
    };
  }
}
