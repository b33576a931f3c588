import { z } from "zod";
import {
  backedUpAnnotation,
  backupFailedAnnotation,
  drilledAnnotation,
  drillFailedAnnotation,
  type Drilled,
  type DrillFailed,
} from "../../model/backup";
import { didYouMean } from "../../model/nearest";
import { UserError } from "../../model/user-error";
import { readNote } from "../move/annotations";
import type { ServiceOutput, StackOutputs } from "../pulumi/outputs";

/** A service that has a backup. */
export type BackedUpService = [name: string, service: ServiceOutput & { backup: NonNullable<ServiceOutput["backup"]> }];

/** The services that are backed up, those that are named or all. Throws a UserError where one isn't, or none is. */
export function chooseBackups(services: StackOutputs["services"], names: readonly string[]): BackedUpService[] {
  const known = Object.keys(services);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      `no service "${unknown}" in this stack${didYouMean(unknown, known)}; it has ${known.join(", ")}`,
    );
  const all = Object.entries(services).filter((each): each is BackedUpService => each[1].backup !== undefined);
  if (all.length === 0)
    throw new UserError(
      "this stack has no backups: say in cluster-storage:backups where they go (docs/backups.md), and run pulumi up",
    );
  const without = names.find((name) => !all.some(([other]) => other === name));
  if (without !== undefined)
    throw new UserError(
      services[without]?.run === false
        ? `${without} doesn't run (run: false in the stack's config), so it has no pod that its data could leave`
        : `${without} has no backup: its entry in the stack's config says backup: none`,
    );
  return all.filter(([name]) => names.length === 0 || names.includes(name));
}

/** So much of the notes as is told; the rest is for the next backup. */
const backedUp = z.object({
  at: z.coerce.date(),
  bytes: z.number(),
  shrunkFrom: z.object({ files: z.number(), bytes: z.number() }).optional(),
});
const backupFailed = z.object({ at: z.coerce.date(), error: z.string() });

const drilledShape = z.object({
  point: z.string(),
  pointAt: z.string(),
  at: z.string(),
  seconds: z.number(),
});
const drillFailedNote: z.ZodType<DrillFailed> = drilledShape.partial().extend({ at: z.string(), error: z.string() });

/** What a service's claims say of its backups: its newest point, why there is no newer one, and its last drills. */
export function newestOf(claims: readonly { annotations?: Record<string, string> }[]): {
  done?: z.infer<typeof backedUp>;
  failed?: z.infer<typeof backupFailed>;
  drilled?: Drilled;
  drillFailed?: DrillFailed;
} {
  const textOf = (annotation: string) => claims.flatMap(({ annotations = {} }) => annotations[annotation] ?? [])[0];
  const done = readNote(backedUp, textOf(backedUpAnnotation));
  const failed = readNote(backupFailed, textOf(backupFailedAnnotation));
  const drilled = readNote(drilledShape, textOf(drilledAnnotation));
  const drillFailed = readNote(drillFailedNote, textOf(drillFailedAnnotation));
  return {
    ...(done && { done }),
    ...(failed && { failed }),
    ...(drilled && { drilled }),
    ...(drillFailed && { drillFailed }),
  };
}
