import { cronFields, cronNumber, type CronField } from "./cron-fields";

/** When a schedule of cron's five fields has its runs, in UTC, as github.com/robfig/cron reads it. */

interface Field {
  has(value: number): boolean;
  /** It was written as a star, so it leaves the choice of the day to the other field. */
  any: boolean;
}

function readField(text: string, field: CronField): Field {
  const { least, most } = field;
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to] = range.split("-");
    const star = ["*", "?"].includes(from);
    const first = star ? least : cronNumber(from, field);
    const last = star ? most : to === undefined ? (part.includes("/") ? most : first) : cronNumber(to, field);
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return { has: (value) => values.has(value), any: /^[*?]$/.test(text) };
}

type Fields = [Field, Field, Field, Field, Field];

const day = 24 * 3600_000;

/** The last run at or before `at`; undefined where there is none within five years, or the schedule isn't one. */
export function lastRun(schedule: string, at: Date): Date | undefined {
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== cronFields.length) return undefined;
  const [minutes, hours, days, months, weekdays] = cronFields.map((field, i) => readField(parts[i]!, field)) as Fields;
  const midnight = Math.floor(at.getTime() / day) * day;
  for (let back = 0; back < 5 * 366; back++) {
    const date = new Date(midnight - back * day);
    const [inMonth, inWeek] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
    const fits = days.any || weekdays.any ? inMonth && inWeek : inMonth || inWeek;
    if (!fits || !months.has(date.getUTCMonth() + 1)) continue;
    for (let minute = 24 * 60 - 1; minute >= 0; minute--) {
      const run = new Date(date.getTime() + minute * 60_000);
      if (run <= at && hours.has(Math.floor(minute / 60)) && minutes.has(minute % 60)) return run;
    }
  }
  return undefined;
}

/** Milliseconds after which a run's point counts as overdue: it begins late, waits for others, and is large. */
const slack = 2 * 3600_000;

/**
 * Since when a point is missing: the run that should have made one by now. Undefined where none is missing. `newest`:
 * when the newest point was made, or where there is none, since when there is something to back up.
 */
export function overdueSince(schedule: string, newest: Date, now: Date): Date | undefined {
  const due = lastRun(schedule, new Date(now.getTime() - slack));
  return due !== undefined && newest < due ? due : undefined;
}
