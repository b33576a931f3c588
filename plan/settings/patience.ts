import { pathText } from "../../model/config-path";
import type { ProbesConfig } from "../../model/container-settings";
import type { Probe, Probes } from "../../model/container";
import type { Fault } from "../../model/plan";
import type { ServiceSpec } from "../../model/service-spec";

/** Kubernetes' own values, where a probe has none (kubernetes.io/docs, "Configure Probes"). */
const [usualPeriod, usualFailures] = [10, 3];

/** Seconds that a probe waits for its answer, where it doesn't say. */
const usualTimeout = 5;

/** Seconds between the tries of a start that the catalogue doesn't wait for. */
const startPeriod = 5;

/** Seconds until a probe has failed so often that it counts. */
const patienceOf = ({ periodSeconds = usualPeriod, failureThreshold = usualFailures }: Probe) =>
  periodSeconds * failureThreshold;

const lasting = (probe: Probe, seconds: number): Probe => ({
  ...probe,
  failureThreshold: Math.ceil(seconds / (probe.periodSeconds ?? usualPeriod)),
});

/**
 * Probes with the config's patience, each with its timeout. A service without a startup probe gets one where the config
 * says how long.
 */
export function withPatience({ startup, readiness, liveness }: Probes, config: ProbesConfig = {}): Probes {
  const { startupSeconds, livenessSeconds, timeoutSeconds } = config;
  const answering = (probe: Probe): Probe => ({
    ...probe,
    timeoutSeconds: timeoutSeconds ?? probe.timeoutSeconds ?? usualTimeout,
  });
  const starting = startup ?? { action: (liveness ?? readiness).action, periodSeconds: startPeriod };
  const first = startupSeconds === undefined ? startup : lasting(starting, startupSeconds);
  const living = liveness && livenessSeconds !== undefined ? lasting(liveness, livenessSeconds) : liveness;
  return {
    ...(first && { startup: answering(first) }),
    readiness: answering(readiness),
    ...(living && { liveness: answering(living) }),
  };
}

/** Less patience than the catalogue's would end programs that recover their data. */
export function checkPatience({ name, probes }: ServiceSpec, config: ProbesConfig): Fault[] {
  const { startup, readiness, liveness } = probes;
  const timeouts = [startup, readiness, liveness].map((probe) => probe?.timeoutSeconds ?? usualTimeout);
  const least: [keyof ProbesConfig, number][] = [
    ["startupSeconds", startup ? patienceOf(startup) : 0],
    ["timeoutSeconds", Math.max(...timeouts)],
    ["livenessSeconds", liveness ? patienceOf(liveness) : 0],
  ];
  return least.flatMap(([key, seconds]): Fault[] => {
    const asked = config[key];
    if (asked === undefined || asked >= seconds) return [];
    return [
      {
        path: pathText(["services", name, "probes", key]),
        message:
          `${asked} is less than the ${seconds} seconds of the catalogue, which ${name} needs while it recovers or ` +
          "is busy; raise it, or leave it out",
      },
    ];
  });
}
