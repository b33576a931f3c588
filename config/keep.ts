import type { z } from "zod";
import type { Keep } from "../model/retention";
import { notEmpty, schedule } from "./backup-forms";
import { checked, count, object, show } from "./fields";

/** `keep` of the section `cluster-storage:backups`, and of a service's `backup`. */

const duration = /^([1-9][0-9]{0,3}[ymdh])+$/;

const amount = (what: string) =>
  checked<number | string>(
    {
      anyOf: [
        { type: "integer", minimum: 1, maximum: 9999 },
        { type: "string", pattern: duration.source },
      ],
    },
    (value) => {
      if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 9999) return undefined;
      if (typeof value === "string" && duration.test(value)) return undefined;
      return (
        `must be a whole number from 1 to 9999, or a time such as 14d, 8h, 6m (months) or 1y6m, not ${show(value)}` +
        (typeof value === "string" && /^[0-9]+$/.test(value) ? "; leave the quotes out" : "")
      );
    },
  )
    .optional()
    .meta({ description: `${what}: so many, or those of so long a time such as \`14d\`.`, otherwise: "none" });

/** Which points stay. */
export const keep: z.ZodType<Keep> = object({
  last: amount("The newest points"),
  hourly: amount("The newest point of each hour"),
  daily: amount("The newest point of each day"),
  weekly: amount("The newest point of each week"),
  monthly: amount("The newest point of each month"),
  yearly: amount("The newest point of each year"),
}).superRefine(
  notEmpty("is empty, so no point would stay; say which do, for instance { daily: 7, weekly: 5, monthly: 12 }"),
);

/** When points are forgotten, and the repository is looked over. */
export const care = object({
  schedule: schedule
    .prefault("0 4 * * *")
    .describe("When: `hourly`, `daily` or cron's five fields, in UTC. A service with points each hour needs `hourly`."),
  cycle: count(1, 256).default(7).describe("In so many days all data of the repository is read once, a part each day."),
})
  .prefault({})
  .describe("When points are forgotten, and the repository is looked over (docs/backups.md).");
