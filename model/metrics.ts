/** What is told of backups as metrics. Types and names. */

/** The name of the Deployment, its account and its Service. */
export const metricsName = "backups-metrics";

export const metricsPort = 9090;

/** A service whose backups are told of. */
export interface MeasuredService {
  service: string;
  namespace: string;
  /** Cron's five fields, in UTC. */
  schedule: string;
  /** Its claims, which have the notes. */
  claims: string[];
}

/** The pod's environment variable METRICS, as JSON. */
export interface MetricsTask {
  services: MeasuredService[];
}

export interface MetricsPlan {
  /** The namespace that may ask for them. */
  from: string;
  task: MetricsTask;
}
