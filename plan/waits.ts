import type { Probe, Probes } from "../model/container";

/** Seconds for what comes before a program starts: a place for the pod, its volume, its image. */
const margin = 300;
/** Seconds that Pulumi waits by itself. */
const usual = 600;

/** Seconds until a probe that never succeeds has failed for good, with the usual values where it has none. */
const longest = ({ periodSeconds = 10, failureThreshold = 3, timeoutSeconds = 5 }: Probe) =>
  periodSeconds * failureThreshold + timeoutSeconds;

/**
 * Seconds within which a service's new pod is ready if it ever is: its old pod has ended, and its own probes have given
 * it all the time that they give. At least ten minutes.
 */
export function readyWithin(graceSeconds: number, { startup, readiness }: Probes): number {
  return Math.max(usual, graceSeconds + (startup ? longest(startup) : 0) + longest(readiness) + margin);
}
