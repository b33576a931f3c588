import { seededRandom } from "../kill";

/**
 * What is killed. `command`: npm run restore, with Pulumi and its plugins; `job`: the pod that carries the restore out;
 * `pods`: those that look at the point and bring it; `processes`: all that runs in any of these pods.
 */
export const victims = ["command", "job", "pods", "processes"] as const;

export interface Kill {
  victim: (typeof victims)[number];
  /** When: a share of the time that a restore takes which nobody kills. */
  at: number;
}

/** Kills spread over the whole restore, each at random within its part, of each kind in turn. */
export function drawKills(count: number, seed: number): Kill[] {
  const random = seededRandom(seed);
  const first = Math.floor(random() * victims.length);
  return Array.from({ length: count }, (_, i) => ({
    victim: victims[(first + i) % victims.length]!,
    at: (((i * 7) % count) + random()) / count,
  }));
}

export const killText = ({ victim, at }: Kill) =>
  `${victim === "command" ? "the command with all that it started" : `the restore's ${victim}`} killed at ` +
  `${Math.round(at * 100)} % of its time`;
