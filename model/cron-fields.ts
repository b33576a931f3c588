/** Cron's five fields, as github.com/robfig/cron reads them for Kubernetes. */
export interface CronField {
  name: string;
  least: number;
  most: number;
  names?: readonly string[];
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const days = "sun mon tue wed thu fri sat".split(" ");

export const cronFields: readonly CronField[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, names: months },
  { name: "day of the week", least: 0, most: 6, names: days },
];

/** The number that a field's word stands for; NaN where it is neither a number nor one of the field's names. */
export function cronNumber(word: string, { least, names = [] }: CronField): number {
  const named = names.indexOf(word.toLowerCase());
  return named >= 0 ? named + least : /^[0-9]+$/.test(word) ? Number(word) : NaN;
}
