import { careName, previewPrefix, type ServicePreview } from "../../model/care";
import { atOnce } from "../../model/retention";
import { formatBytes } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import type { Kube } from "../../kube/client";
import { named } from "../terminal/ask";
import { formatTime } from "../terminal/age";
import { renderTable } from "../terminal/table";
import type { BackedUpService } from "./decide";
import { linesOf, runNow } from "./job";

export const careJob = (chosen: readonly BackedUpService[]) => ({
  namespace: chosen[0]![1].backup.namespace,
  cronJob: careName,
});

/** What a job of the care has printed of what would be forgotten: one or more lines for each service. */
function readPreviews(lines: readonly string[]): ServicePreview[] {
  const found = new Map<string, ServicePreview>();
  for (const line of lines.filter((each) => each.startsWith(previewPrefix))) {
    const part = JSON.parse(line.slice(previewPrefix.length)) as ServicePreview;
    const forget = [...(found.get(part.service)?.forget ?? []), ...part.forget];
    found.set(part.service, { ...part, forget });
  }
  return [...found.values()];
}

/** Asks a job what would be forgotten of these services. Throws a UserError where it can't tell. */
export async function previewNow(
  kube: Kube,
  chosen: readonly BackedUpService[],
  say: (line: string) => void,
): Promise<ServicePreview[]> {
  const { lines, failed } = await linesOf(kube, careJob(chosen), { act: "preview" }, say);
  if (failed !== undefined) throw new UserError(failed);
  const names = chosen.map(([name]) => name);
  return readPreviews(lines).filter(({ service }) => names.includes(service));
}

/** What stays, what would be forgotten, and why not. */
export function previewText(chosen: readonly BackedUpService[], previews: readonly ServicePreview[]): string {
  const lines = chosen.map(([name, { backup }]) => {
    const preview = previews.find(({ service }) => service === name);
    if (backup.keep === undefined) return `${name}: all points are kept`;
    const { points = 0, forget = [], waits } = preview ?? {};
    const rule = `${name}: kept are ${backup.keep}`;
    if (waits !== undefined) return `${rule}. Nothing is forgotten, because ${waits}`;
    if (forget.length === 0) return `${rule}; of ${points} points none is to be forgotten`;
    const many = forget.length > atOnce ? `; over ${atOnce} at once need: npm run backup -- --forget ${name}` : "";
    return `${rule}; of ${points} points ${forget.length} would be forgotten${many}`;
  });
  const given = previews.flatMap(({ service, forget }) => forget.map((point) => ({ service, ...point })));
  if (given.length === 0) return lines.join("\n");
  const rows = given.map(({ service, id, at, bytes }) => [
    service,
    shortPoint(id),
    formatTime(new Date(at)),
    formatBytes(bytes),
  ]);
  return [...lines, renderTable(["SERVICE", "TO BE FORGOTTEN", "TIME", "SIZE"], rows)].join("\n");
}

/** Shows what would be forgotten, asks, and forgets exactly that. Returns the exit code. */
export async function forgetNow(
  kube: Kube,
  chosen: readonly BackedUpService[],
  say: (line: string) => void,
  { yes }: { yes?: boolean },
): Promise<number> {
  if (chosen.every(([, { backup }]) => backup.keep === undefined))
    throw new UserError(
      "nothing is ever forgotten: say in cluster-storage:backups.keep which points stay (docs/backups.md), and run " +
        "pulumi up",
    );
  const previews = await previewNow(kube, chosen, say);
  say(previewText(chosen, previews));
  const ids = previews.flatMap(({ forget }) => forget.map(({ id }) => id));
  if (ids.length === 0) return 0;
  const many = ids.length > 1;
  const [they, have] = many ? [`These ${ids.length} points are`, "they have"] : ["This point is", "it has"];
  const question = `${they} forgotten, and what only ${have} is deleted. Type yes:`;
  await named(question, "yes", { ...(yes && { yes }), untouched: "no point was forgotten" });
  const failed = await runNow(kube, careJob(chosen), { act: "forget", ids }, say);
  return failed === undefined ? 0 : 1;
}
