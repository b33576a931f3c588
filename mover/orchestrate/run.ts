import { moveExit } from "../../model/move-exit";
import type { Move } from "../../model/mover";
import { newestPoint, shortPoint } from "../../model/restore";
import { errorOf, exitOf, faultOf } from "../faults";
import { fillClaim } from "../leave/fill";
import { spillClaim } from "../leave/spill";
import { bringBack } from "./bring-back";
import type { Context } from "./context";
import { moveClaim } from "./move";
import { removePods } from "./own-pods";
import { restoreClaim } from "./restore";
import { becomesReady } from "./service";
import { nameOf } from "./workload";

const kinds: Record<Move["kind"], (context: Context) => Promise<void>> = {
  copy: moveClaim,
  fill: fillClaim,
  spill: spillClaim,
  restore: restoreClaim,
};

/** How the job ends. */
export interface Ended {
  code: number;
  message?: string;
}

/** Runs a move to its end, or takes back what it began. `check`: throws where the move must not go on. */
export async function runMove(context: Context, check?: () => Promise<void>): Promise<Ended> {
  try {
    await check?.();
    await kinds[context.move.kind](context);
    return { code: moveExit.done };
  } catch (error) {
    return takeBack(context, faultOf(error));
  }
}

const doneBy = ({ restore, source }: Move) =>
  restore ? `restored from point ${shortPoint(restore.point)}` : `moved from ${nameOf(source)}`;

async function takeBack(context: Context, fault: ReturnType<typeof faultOf>): Promise<Ended> {
  const { move, log } = context;
  const why = fault.error;
  const fills = move.restore?.point === newestPoint;
  const reason = fills
    ? `${nameOf(move.target)} was not filled from the newest point of ${move.restore?.of}, so ${move.service} is not ` +
      `started: ${why}`
    : `${move.service} was not ${doneBy(move)} to ${nameOf(move.target)}: ${why}`;
  const code = exitOf(fault);
  try {
    await removePods(context);
    if (!(await bringBack(context)))
      return { code, message: fills ? reason : `${reason}. The service was left as it was.` };
    log(`${move.service} is started on ${nameOf(move.source)} again`);
    // If the job is told to end, it ends without waiting for the service.
    const ready = context.signal?.aborted
      ? undefined
      : await becomesReady(context, Math.min(context.readyPatience, 120_000));
    return { code, message: `${reason}. The service is ${ready ? "back" : "started"} on ${nameOf(move.source)}.` };
  } catch (second) {
    return { code, message: `${reason}. The service could not be brought back: ${errorOf(second).message}` };
  }
}
