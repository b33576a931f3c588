import { join } from "node:path";
import { passwordsPath, previewPrefix, type CareAct, type ServicePreview } from "../../model/care";
import { moveExit } from "../../model/move-exit";
import { withLease, type RepositoryLease } from "../backup/lease";
import { checkRepository, inLines, removeDeadLocks } from "../backup/repository";
import { exitOf, faultOf } from "../faults";
import type { Ended } from "../orchestrate/run";
import { care } from "./care";
import type { CareContext } from "./context";
import { forgetPoints } from "./forget";
import { noteFailed } from "./note";
import { addPassword, retirePassword, type Passwords } from "./password";
import { previewAll } from "./preview";
import { checkAll, mend, repair } from "./repair";

/** Does what the job was made for; what changes the repository, alone. `ids`: of `forget` and `repair`. */
export async function runCare(context: CareContext, act: CareAct, ids: string[] = []): Promise<Ended> {
  try {
    if (act === "preview") await printPreview(context);
    else await alone(context, act, ids);
    return { code: moveExit.done };
  } catch (thrown) {
    const fault = faultOf(thrown);
    const message = fault.error;
    if (act === "care") await noteFailed(context, message);
    return { code: context.told.aborted ? moveExit.told : exitOf(fault), message };
  }
}

async function printPreview(context: CareContext): Promise<void> {
  for (const preview of await previewAll(context))
    // A service of which nothing would be forgotten has a line too.
    for (const forget of preview.forget.length > 0 ? inLines(preview.forget) : [[]]) {
      const line: ServicePreview = { ...preview, forget };
      context.log(`${previewPrefix}${JSON.stringify(line)}`);
    }
}

async function alone(context: CareContext, act: CareAct, ids: string[]): Promise<void> {
  await withLease(context, async (lease, ended) => {
    // Which password its Secret has by now doesn't count for a rotation.
    const rotates = act === "add-password" || act === "retire-password";
    const opens = await checkRepository(context).then(
      () => true,
      (error: unknown) => {
        if (!rotates) throw error;
        return false;
      },
    );
    if (opens && ended.length > 0 && (await removeDeadLocks(context, ended))) await lease.forgetEnded();
    if (act === "add-password") await addPassword(context, passwords());
    else if (act === "retire-password") await retirePassword(context, passwords());
    else if (act === "forget") await forgetSeen(context, lease, ids);
    else if (act === "check") await checkAll(context, lease);
    else if (act === "repair") await repair(context, ids);
    else if (act === "mend") await mend(context, lease);
    else await care(context, lease);
  });
}

function passwords(): Passwords {
  const directory = process.env.CARE_PASSWORDS ?? passwordsPath;
  return { next: join(directory, "next"), former: join(directory, "former") };
}

/** Of what a person has seen, only what may still be forgotten. */
async function forgetSeen(context: CareContext, lease: RepositoryLease, points: string[]): Promise<void> {
  const now = (await previewAll(context)).flatMap(({ forget }) => forget.map(({ id }) => id));
  const wanted = points.filter((id) => now.includes(id));
  const stay = points.length - wanted.length;
  if (stay > 0) context.log(`${stay} of them stay: the repository has changed since they were shown`);
  await forgetPoints(context, lease, wanted);
}
