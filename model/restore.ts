import type { EnginePlan } from "./engine-version";

/** How a point of the repository becomes a new volume. */

/** Which point the config names for a claim. */
export interface FromPoint {
  /** restic's id of the snapshot. */
  point: string;
  /** `project/stack/service` whose point it is; this stack's own service where absent. */
  of?: string;
  /** The kept generation that the service has until then; the newest before the new one where absent. */
  leaves?: number;
}

/** What a restore is told beside where the data goes. */
export interface RestorePlan extends FromPoint {
  /** Keys of the service's Secret without which its data can't be read; empty where there are none. */
  keys: string[];
  /** All of the service's volumes have their data, so nothing has to open the repository any more. */
  done?: boolean;
}

/** Instead of a point's id: the newest one that doesn't have far less than those before. */
export const newestPoint = "newest";

/** The part of an id that people read. */
export const shortPoint = (id: string): string => id.slice(0, 8);

/** What a restored volume's note says that its data came from. */
export const pointOrigin = (id: string): string => `point ${id}`;

/** Whether a volume's note says that its data came from a point, whichever. */
export const isPoint = (origin: string | undefined): boolean => origin?.startsWith(pointOrigin("")) ?? false;

/** The Secret with which a service's restore opens the repository, while it runs. */
export const repositorySecret = (app: string): string => `${app}-repository`;

/** What a move's job is told of the point. */
export interface RestoreSource {
  point: string;
  /** `project/stack/service` whose point it has to be. */
  of: string;
  /** Has `/usr/bin/restic`. */
  image: string;
  /** The repository, for people. */
  repository: string;
  /** The Secret with the files that restic reads; it is there while the job runs. */
  secret: string;
  /** restic's variables. */
  env: Record<string, string>;
  /** Those of the service's Secret that have to be the point's too. */
  keys?: { secret: string; names: string[] };
  /** Whose files the service goes on with; absent: any version's. */
  engine?: EnginePlan;
}

/** The environment variable RESTORE of the pod that restores a volume, as JSON. */
export interface RestoreTask extends Pick<RestoreSource, "point" | "of" | "repository" | "engine"> {
  /** The volume's name in the service's pod, by which the point has it. */
  volume: string;
  /** Where the volume is mounted, and its claim's name. */
  target: string;
  targetName: string;
  /** Kubernetes quantity that the claim asks for. */
  size?: string;
  /** What is on the volume is known to be this point, and was never in use. */
  resume: boolean;
  /** What is on the volume was never in use: an unfinished copy of another point is replaced. Default: false. */
  fill?: boolean;
  service: string;
  namespace: string;
  /** Where the Secret with the keys is mounted, and which of its keys have to be the point's. */
  keys?: { secret: string; directory: string; names: string[] };
}
