import type { z } from "zod";
import type { BackupSettings, BackupsConfig } from "../model/backups";
import { schedule } from "./backup-forms";
import { checked, flag, nonEmpty, object, show, textOr } from "./fields";
import { dnsLabel, image } from "./forms";
import { care, keep } from "./keep";
import { repository } from "./repository";

/** The section `cluster-storage:backups`, and `backup` of a service. */

/** The section `cluster-storage:backups`. */
export const backupsSchema: z.ZodType<BackupsConfig> = object({
  repository: repository.describe("Where the backups of all services go (docs/backups.md)."),
  schedule: schedule
    .prefault("daily")
    .describe(
      "When each service is backed up that doesn't say it itself: `hourly`, `daily` or cron's five fields, in UTC.",
    ),
  keep: keep.optional().meta({
    description: "Which points of a service stay; all others are forgotten, and what they alone had is deleted.",
    otherwise: "all",
  }),
  care,
  metrics: object({
    namespace: dnsLabel.describe("The namespace of what asks for them, such as Prometheus'; nothing else can."),
  })
    .optional()
    .meta({ description: "Serves what the backups came to as metrics.", otherwise: "no metrics" }),
  namespace: dnsLabel
    .default("local-ai-backups")
    .describe("The namespace of the backups' jobs, which no service may use: it has the repository's password."),
  image: image
    .default("restic/restic:0.19.1")
    .describe("Image with restic, 0.19 or newer, as `/usr/bin/restic`, and `cp`."),
  fresh: flag
    .default(false)
    .describe(
      "`true`: new volumes begin empty, as in the first update of a new stack. Otherwise they are filled from the " +
        "newest points before their services start. Take it out once there are points.",
    ),
});

/** `backup` of a service, and the reason for none. */
export const backupSettings: { [Key in keyof Required<BackupSettings>]: z.ZodType<BackupSettings[Key]> } = {
  backup: textOr(
    checked<"none">({ const: "none" }, (value) =>
      value === "none" ? undefined : `${show(value)} is unknown; write none, or { schedule: hourly }`,
    ),
    object({
      schedule: schedule.optional().meta({
        description: "When it is backed up: `hourly`, `daily` or cron's five fields, in UTC.",
        otherwise: "`cluster-storage:backups.schedule`",
      }),
      keep: textOr(
        checked<"all">({ const: "all" }, (value) =>
          value === "all" ? undefined : `${show(value)} is unknown; write all, or for instance { daily: 7 }`,
        ),
        keep,
      )
        .optional()
        .meta({ description: "Which of its points stay, or `all`.", otherwise: "`cluster-storage:backups.keep`" }),
    }),
  )
    .optional()
    .meta({
      description: "`none` keeps it from being backed up; `because` has to say why.",
      otherwise: "as the section `backups` says",
    }),
  because: nonEmpty("say why it needs no backup")
    .optional()
    .meta({ description: "Why it has no backup, where `backup` is `none`.", otherwise: "–" }),
  fresh: flag.optional().meta({
    description:
      "`true`: its new volumes begin empty, as those of a service that is new; `false`: they are filled from the " +
      "newest point before its first start.",
    otherwise: "`cluster-storage:backups.fresh`",
  }),
};
