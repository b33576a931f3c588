import type { z } from "zod";
import { count, matching, nonEmpty, object, oneOf, record } from "../../config/fields";
import { dnsLabel, labelForm } from "../../config/forms";
import type { Fault } from "../../model/plan";
import type { CustomObject } from "../../model/charts";

/** Where Longhorn keeps backups. */
export const backupSchema = object({
  target: matching(
    /^(s3:\/\/[^@/]+@[^/]+\/|nfs:\/\/[^:/]+:\/)/,
    (value) => `"${value}" is not a backup target; write s3://BUCKET@REGION/ or nfs://SERVER:/PATH`,
  ).describe("`s3://BUCKET@REGION/` or `nfs://SERVER:/PATH`."),
  secret: dnsLabel.optional().meta({
    description: "Secret with the credentials of an S3 target, made by hand in Longhorn's namespace.",
  }),
});

const job = object({
  task: oneOf(["snapshot", "backup"]).describe("What it makes."),
  cron: nonEmpty("write cron's five fields, for instance 0 3 * * *").describe("When it runs, in cron's five fields."),
  retain: count(1, 250).describe("How many it keeps of each volume."),
});

/** The jobs that run for each volume of the class, by name. There are none by default. */
export const jobsSchema = record(job, labelForm).default({});

type Jobs = z.infer<typeof jobsSchema>;

interface BackupConfig {
  install: boolean;
  backup?: z.infer<typeof backupSchema>;
  jobs: Jobs;
}

export function backupFaults({ install, backup, jobs }: BackupConfig): Fault[] {
  const faults: Fault[] = [];
  if (backup?.target.startsWith("s3:") && !backup.secret) {
    faults.push({
      path: "backup.secret",
      message: "is missing; name the Secret in longhorn-system that holds the credentials of the S3 target",
    });
  }
  for (const [name, { task }] of Object.entries(jobs)) {
    const wrong = dnsLabel.safeParse(name);
    if (!wrong.success) faults.push({ path: `jobs.${name}`, message: wrong.error.issues[0]?.message ?? "" });
    // If the backend doesn't install Longhorn, somebody else set its backup target, which isn't known here.
    if (task === "backup" && install && !backup)
      faults.push({ path: `jobs.${name}`, message: "has nowhere to put its backups; add backup.target" });
  }
  return faults;
}

/** The jobs as objects of Longhorn's own kind. A parameter of the class names the jobs of its volumes. */
export function jobObjects(jobs: Jobs): CustomObject[] {
  return Object.entries(jobs).map(([name, { task, cron, retain }]) => ({
    apiVersion: "longhorn.io/v1beta2",
    kind: "RecurringJob",
    name,
    spec: { name, task, cron, retain, concurrency: 1, groups: [], labels: {} },
  }));
}

export function jobSelector(jobs: Jobs): Record<string, string> {
  const names = Object.keys(jobs);
  return names.length > 0
    ? { recurringJobSelector: JSON.stringify(names.map((name) => ({ name, isGroup: false }))) }
    : {};
}
