import { UserError } from "../../../model/user-error";
import { seededRandom } from "../kill";
import { hands, type Hand } from "./hands";
import { stores, type Store } from "./stores";

/** Our commands that may come between a hand on the cluster and its mending. */
export const commands = [
  "up",
  "refresh, up",
  "preview",
  "verify",
  "recover",
  "adopt",
  "move",
  "release",
  "preflight",
] as const;
export type Command = (typeof commands)[number];

/** One hand on the cluster, and what is run after it, in this order. */
export interface Round {
  store: Store;
  hand: Hand;
  commands: Command[];
}

/**
 * Every hand has its turn before one has a second; the seed decides the order, the service and the commands. `only`:
 * words of the hands that are drawn from, separated by commas. Default: all.
 */
export function draw(rounds: number, seed: number, only = ""): Round[] {
  const wanted = hands.filter(({ name }) => only.split(",").some((words) => name.includes(words.trim())));
  if (wanted.length === 0)
    throw new UserError(`no hand is like "${only}"; there are:\n${hands.map(({ name }) => `  ${name}`).join("\n")}`);
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const drawn: Round[] = [];
  for (let left: Hand[] = []; drawn.length < rounds;) {
    if (left.length === 0) left = shuffled(wanted, random);
    const hand = left.pop()!;
    drawn.push({ store: pick(stores), hand, commands: shuffled(commands, random).slice(0, 2) });
  }
  return drawn;
}

/** The round for a person. */
export const roundText = ({ hand, store, commands: [...run] }: Round) =>
  `somebody ${hand.name} of ${store.name}; then ${run.join("; ")}`;

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
