import type { Damage } from "../../model/care";
import type { Checked, Part } from "../../model/retention";
import { faultOfEnd, messageIn, restic, resticExit, type ResticEnd } from "../backup/restic";
import { checkRepository } from "../backup/repository";
import type { CareContext } from "./context";

/**
 * Looks the repository over, and reads a part of its data or, without `part`, all of it. Returns what is wrong there;
 * undefined where nothing is. Throws where that can't be known. `wait`: for whoever has locked the repository; default
 * ten minutes.
 */
export async function readData(context: CareContext, part?: Part, wait = "10m"): Promise<Damage | undefined> {
  const { task, signal } = context;
  const how = part ? `--read-data-subset=${part.part}/${part.of}` : "--read-data";
  let summary: { broken_packs?: string[] | null } | undefined;
  const onLine = (line: string) => {
    const message = messageIn(line);
    if (message?.message_type === "summary") summary = message as typeof summary;
  };
  const end = await restic(["check", how, "--retry-lock", wait], { signal, onLine });
  context.check();
  if (end.code === resticExit.done) return undefined;
  // It counts an error too where it found a lock, or where the server has gone.
  if (end.said !== "repository contains errors") throw faultOfEnd(end, task.repository);
  await checkRepository(context);
  return { packs: summary?.broken_packs ?? [], said: firstOf(end) };
}

/** restic's first complaint, without the lines that say what a person could do by hand. */
function firstOf({ complaints = [], said }: ResticEnd): string {
  const texts = complaints.map((line) => String(messageIn(line)?.message ?? line).trim());
  return (texts.find((text) => text !== "") ?? said).split("\n")[0]!.slice(0, 300);
}

/** What is noted of a part that was read. */
export const checkedOf = (part: Part, damage: Damage | undefined): Checked => ({
  ...part,
  at: new Date().toISOString(),
  ...(damage && { damage: damage.said }),
});
