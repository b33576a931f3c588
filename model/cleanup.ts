/** The clean-up of a service's claim: a CronJob that removes old files. Its program is `mover/clean/main.ts`. */

/** The name of the CronJob and of its container's app label. */
export const cleanupName = (service: string) => `${service}-cleanup`;

/** The arguments of the program: what it does, where, and to files of what age. */
export const cleanupArgs = (task: "remove" | "count", directory: string, days: number) => [
  task,
  directory,
  String(days),
];

/** The days in such arguments; undefined where they are not the program's, as those of an earlier version. */
export function cleanupDays(args: readonly string[] | undefined): number | undefined {
  const days = args?.[0] === "remove" ? Number(args[2]) : NaN;
  return Number.isFinite(days) ? days : undefined;
}
