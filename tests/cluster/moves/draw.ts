import { seededRandom } from "../kill";
import type { Direction } from "./lines";
import { subjects } from "./subjects";

/** What a move does, one after the other. */
export const steps = ["claim", "stop", "copy", "check", "switch"] as const;
/** Into and out of a pod a move has other steps: there a kill falls anywhere. */
export type Step = (typeof steps)[number] | "any";

/** What is killed. */
export const victims = ["the CLI alone", "the CLI with its plugins", "the mover's processes"] as const;
export type Victim = (typeof victims)[number];

export interface Case {
  subject: string;
  direction: Direction;
  step: Step;
  /** From the step's beginning, in ms. */
  delay: number;
  victim: Victim;
  /** Whether somebody recovers at once, or only after the cluster has helped itself. */
  atOnce: boolean;
}

const directions: Direction[] = ["to the other backend", "back", "to a larger volume", "to a smaller volume"];

/** How long a step is, roughly: a kill falls anywhere in it. */
const lengths: Record<Step, number> = { claim: 4_000, stop: 1_500, copy: 1_500, check: 400, switch: 2_500, any: 20_000 };

/** So many cases that every step, victim, service and direction has its turn, in an order and at moments that the seed decides. */
export function draw(kills: number, seed: number): Case[] {
  const random = seededRandom(seed);
  const [offsets, order] = [[random(), random()], shuffled(steps, random)];
  const pick = <T>(from: readonly T[], turn: number, offset = 0) => from[(turn + Math.floor(offset * from.length)) % from.length]!;
  const cases = Array.from({ length: kills }, (_, turn): Case => {
    const step = pick(order, turn);
    const victim = pick(victims, turn + Math.floor(turn / victims.length), offsets[1]);
    return {
      subject: pick(subjects, turn, offsets[0]).name,
      // A service's own turns go through the directions in their order: back comes after there.
      direction: directions[Math.floor(turn / subjects.length) % directions.length]!,
      step,
      delay: Math.round(random() * lengths[step]),
      // Before the stop the mover may not be there yet.
      victim: step === "claim" && victim === "the mover's processes" ? "the CLI alone" : victim,
      atOnce: random() < 0.7,
    };
  });
  return kills < 4 ? cases : [...cases.slice(0, -2), ...cases.slice(-2).map((drawn, turn) => inside(drawn, turn === 0 ? "into its pod" : "out of its pod", random))];
}

/** Redis' way into its pod and out again comes last: nothing goes back to a directory that went with its pod. */
function inside(drawn: Case, direction: Direction, random: () => number): Case {
  const victim = drawn.victim === "the mover's processes" ? "the CLI with its plugins" : drawn.victim;
  return { ...drawn, subject: "redis", direction, step: "any", delay: Math.round(random() * lengths.any), victim };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items.map((item) => ({ item, key: random() })).sort((a, b) => a.key - b.key).map(({ item }) => item);
}
