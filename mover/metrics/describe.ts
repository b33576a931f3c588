import {
  backedUpAnnotation,
  backupFailedAnnotation,
  drilledAnnotation,
  drillFailedAnnotation,
} from "../../model/backup";
import { overdueSince } from "../../model/cron-times";
import type { MeasuredService } from "../../model/metrics";

/** A service, and its claims that are in the cluster. */
export interface Measured {
  service: MeasuredService;
  claims: { metadata: { annotations?: Record<string, string>; creationTimestamp: string } }[];
}

interface Metric {
  name: string;
  help: string;
  /** Undefined where there is nothing to tell. */
  value(notes: Notes): number | undefined;
}

interface Notes {
  done: Note;
  failed: Note;
  drilled: Note;
  drillFailed: Note;
  overdue: boolean;
}

type Note = Record<string, unknown> | undefined;

const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** Seconds since 1970. */
function time(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : at / 1000;
}

const flag = (value: unknown) => (value ? 1 : 0);

const metrics: readonly Metric[] = [
  {
    name: "backup_point_timestamp_seconds",
    help: "When the newest point was made.",
    value: ({ done }) => time(done?.at),
  },
  { name: "backup_point_bytes", help: "Bytes in the newest point.", value: ({ done }) => number(done?.bytes) },
  { name: "backup_point_files", help: "Files in the newest point.", value: ({ done }) => number(done?.files) },
  {
    name: "backup_point_added_bytes",
    help: "Bytes that the newest point added to the repository.",
    value: ({ done }) => number(done?.added),
  },
  {
    name: "backup_failed",
    help: "1 where the last run failed and said so.",
    value: ({ failed }) => flag(failed),
  },
  {
    name: "backup_shrunk",
    help: "1 where the newest point has less than half of what one before had.",
    value: ({ done }) => flag(done?.shrunkFrom),
  },
  {
    name: "backup_overdue",
    help: "1 where a run should have made a point two hours ago and there is none.",
    value: ({ overdue }) => flag(overdue),
  },
  {
    name: "backup_drill_timestamp_seconds",
    help: "When a drill last proved a point.",
    value: ({ drilled }) => time(drilled?.at),
  },
  {
    name: "backup_drill_point_timestamp_seconds",
    help: "When the point was made that a drill proved last.",
    value: ({ drilled }) => time(drilled?.pointAt),
  },
  {
    name: "backup_drill_duration_seconds",
    help: "Seconds that the last good drill took.",
    value: ({ drilled }) => number(drilled?.seconds),
  },
  {
    name: "backup_drill_failed",
    help: "1 where the last drill failed.",
    value: ({ drillFailed }) => flag(drillFailed),
  },
];

/** The metrics of all services, in the text format of Prometheus. */
export function describeMetrics(measured: readonly Measured[], now: Date): string {
  const rows = measured.map((each) => ({ labels: labelsOf(each.service), notes: notesOf(each, now) }));
  return metrics
    .map(({ name, help, value }) => {
      const full = `cluster_storage_${name}`;
      const samples = rows.flatMap(({ labels, notes }) => {
        const is = value(notes);
        return is === undefined ? [] : [`${full}{${labels}} ${is}\n`];
      });
      return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${samples.join("")}`;
    })
    .join("");
}

/** Both are DNS names, which need no escapes. */
const labelsOf = ({ service, namespace }: MeasuredService) => `service="${service}",namespace="${namespace}"`;

function notesOf({ service, claims }: Measured, now: Date): Notes {
  const note = (annotation: string): Note => {
    const text = claims.flatMap(({ metadata }) => metadata.annotations?.[annotation] ?? [])[0];
    try {
      const value: unknown = JSON.parse(text ?? "null");
      return typeof value === "object" && value !== null ? (value as Note) : undefined;
    } catch {
      return undefined;
    }
  };
  const done = note(backedUpAnnotation);
  const made = claims.map(({ metadata }) => Date.parse(metadata.creationTimestamp)).filter((at) => !Number.isNaN(at));
  // A service without a point has had something to back up since its claims were made.
  const pointAt = time(done?.at);
  const newest = pointAt === undefined ? made.toSorted((a, b) => b - a)[0] : pointAt * 1000;
  return {
    done,
    failed: note(backupFailedAnnotation),
    drilled: note(drilledAnnotation),
    drillFailed: note(drillFailedAnnotation),
    overdue: newest !== undefined && overdueSince(service.schedule, new Date(newest), now) !== undefined,
  };
}
