import { seededRandom } from "../kill";
import type { Direction } from "./lines";
import { subjects } from "./subjects";

/** What a move does, one after the other. */
export const steps = ["claim", "stop", "copy", "check", "switch"] as const;
/**
 * Into and out of a pod a move has other steps, and a return as it was has none: there a kill falls anywhere; or, where
 * a
 * StatefulSet has to be made anew for that, between the old one's end and the new one's beginning.
 */
export type Step = (typeof steps)[number] | "any" | "replace";

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

/** No return follows one that copied nothing: there is nothing that it came from. */
const directions: Direction[] = [
  "to the other backend",
  "back",
  "to a larger volume",
  "back as it was",
  "to a smaller volume",
];

/** How long a step is, roughly: a kill falls anywhere in it. */
const lengths: Record<Step, number> = {
  claim: 4_000,
  stop: 1_500,
  copy: 1_500,
  check: 400,
  switch: 2_500,
  any: 20_000,
  replace: 4_000,
};

/**
 * So many cases that every step, victim, service and direction has its turn, in an order and at moments that the seed
 * decides.
 */
export function draw(kills: number, seed: number): Case[] {
  const random = seededRandom(seed);
  const [offsets, order] = [[random(), random()], shuffled(steps, random)];
  const pick = <T>(from: readonly T[], turn: number, offset = 0) =>
    from[(turn + Math.floor(offset * from.length)) % from.length]!;
  const drawn = (turn: number, direction: Direction, step: Step = pick(order, turn)): Case => ({
    subject: pick(subjects, turn, offsets[0]).name,
    direction,
    step,
    delay: Math.round(random() * lengths[step]),
    victim: pick(victims, turn + Math.floor(turn / victims.length), offsets[1]),
    atOnce: random() < 0.7,
  });
  // A service's own turns go through the directions in their order: back comes after there.
  const turns = Array.from({ length: kills }, (_, turn) => {
    const direction = directions[Math.floor(turn / subjects.length) % directions.length]!;
    return drawn(turn, direction, direction === "back as it was" ? "any" : undefined);
  });
  const last = kills < 5 ? [] : ends(turns);
  const others = turns.slice(0, kills - last.length);
  return [
    ...others,
    ...last.map(({ subject, direction, step }, i) => ({ ...drawn(others.length + i, direction, step), subject })),
  ]
    .map(withoutMover)
    .map(whereReplaced);
}

/**
 * What a short draw wouldn't have comes last: the first service as it was, and Redis' ways into its pod and out again,
 * to
 * the volume that is kept; in a long draw to a new one too.
 */
function ends(turns: readonly Case[]): Ending[] {
  const into: Ending = { subject: "redis", direction: "into its pod", step: "any" };
  // Nothing is copied by pods of its own there: what stops the service streams right away.
  const inside: Ending[] = [
    ...(turns.length < 9 ? [] : [into, { ...into, direction: "out of its pod" } as const]),
    into,
    { ...into, direction: "back", step: "stop" },
  ];
  const asItWas = turns.slice(0, turns.length - inside.length).some(({ direction }) => direction === "back as it was");
  return [
    ...(asItWas ? [] : [{ subject: turns[0]!.subject, direction: "back as it was", step: "any" } as const]),
    ...inside,
  ];
}

type Ending = Pick<Case, "subject" | "direction" | "step">;

/** Where the mover may not be there yet, or not at all. */
function withoutMover(drawn: Case): Case {
  const absent = drawn.step === "claim" || drawn.step === "any";
  return absent && drawn.victim === "the mover's processes" ? { ...drawn, victim: "the CLI with its plugins" } : drawn;
}

/** The moment that matters where an update makes the set anew: the same part of a shorter time. */
function whereReplaced(drawn: Case): Case {
  const { template } = subjects.find(({ name }) => name === drawn.subject)!;
  if (!template || drawn.direction !== "back as it was") return drawn;
  return { ...drawn, step: "replace", delay: Math.round((drawn.delay / lengths.any) * lengths.replace) };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
