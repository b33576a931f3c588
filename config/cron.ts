import { cronFields, cronNumber, type CronField } from "../model/cron-fields";

/** Kubernetes' own rules for a schedule: cron's five fields, as github.com/robfig/cron reads them. */

/** What is wrong with a schedule, with what would be right; undefined where nothing is. */
export function cronFault(schedule: string): string | undefined {
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== cronFields.length)
    return `"${schedule}" is not a schedule; write cron's five fields, for instance "0 3 * * *"`;
  for (const [i, field] of cronFields.entries()) {
    const wrong = parts[i]!.split(",").find((part) => !fits(part, field));
    if (wrong !== undefined)
      return (
        `"${schedule}" has ${wrong === "" ? "an empty" : `"${wrong}" as`} ${field.name}; it goes from ` +
        `${field.least} to ${field.most}, as *, 5, 1-5, 1,5 or */5`
      );
  }
  return undefined;
}

function fits(part: string, field: CronField): boolean {
  const [, from = "", to, step] = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/([0-9]+))?$/i.exec(part) ?? [];
  if (from === "" || Number(step ?? 1) === 0) return false;
  if (["*", "?"].includes(from)) return to === undefined;
  const [first, last] = [numberOf(from, field), to === undefined ? field.most : numberOf(to, field)];
  return first !== undefined && last !== undefined && first <= last;
}

function numberOf(text: string, field: CronField): number | undefined {
  const number = cronNumber(text, field);
  return number >= field.least && number <= field.most ? number : undefined;
}
