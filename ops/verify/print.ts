import type { Verification } from "./service";

/** One line for a person. */
export function describeResult({ service, ok, seconds, wrote, read, error, left }: Verification): string {
  const outcome = ok
    ? `wrote ${wrote}, replaced the pod, read ${shorten(read ?? "", wrote ?? "")} from the same volume`
    : `FAILED: ${error}`;
  const remains = left === undefined ? "" : `; ${left}`;
  return `${ok ? "✓" : "✗"} ${service.padEnd(12)} ${`${seconds.toFixed(1)} s`.padStart(7)}  ${outcome}${remains}`;
}

/** One line for a service that has nothing to prove. */
export const describeLeftOut = (service: string) =>
  `– ${service.padEnd(12)} ${"".padStart(7)}  not checked: the config keeps its data in the pod's own ` +
  "directory, which is deleted with the pod";

/** The line that names the services that failed; undefined when none did. */
export function failureLine(results: readonly Verification[]): string | undefined {
  const failed = results.filter(({ ok }) => !ok).map(({ service }) => service);
  return failed.length === 0
    ? undefined
    : `not proven that data outlives its pod: ${failed.join(", ")} (${failed.length} of ${results.length})`;
}

/** Shortens a long answer, such as a whole exported workflow, to the value that was found in it. */
function shorten(read: string, value: string): string {
  return read.length > 40 && read.includes(value) ? value : read;
}
