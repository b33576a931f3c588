import { randomInt } from "node:crypto";

export interface StringRules {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  overrideSpecial: string;
}

const digits = "0123456789";
const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const special = "!@#$%&*()-_=+[]{}<>:?";

/** Random text that has at least the wanted number of each class. Throws when the rules can't be met. */
export function randomText(rules: StringRules): string {
  const specials = rules.overrideSpecial || special;
  const classes = [
    { use: rules.numeric, min: rules.minNumeric, from: digits },
    { use: rules.lower, min: rules.minLower, from: lower },
    { use: rules.upper, min: rules.minUpper, from: upper },
    { use: rules.special, min: rules.minSpecial, from: specials },
  ];
  const all = classes
    .filter(({ use }) => use)
    .map(({ from }) => from)
    .join("");
  const required = classes.flatMap(({ min, from }) => pick(from, min));
  if (!Number.isInteger(rules.length) || rules.length < 1)
    throw new Error(`length must be a whole number above 0, not ${rules.length}`);
  if (all === "") throw new Error("no characters to choose from: lower, upper, numeric and special are all false");
  if (required.length > rules.length) {
    throw new Error(`length ${rules.length} is less than the ${required.length} characters that the minimums ask for`);
  }
  return shuffled([...required, ...pick(all, rules.length - required.length)]).join("");
}

function pick(from: string, count: number): string[] {
  return Array.from({ length: count }, () => from[randomInt(from.length)]);
}

function shuffled(items: string[]): string[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [items[index], items[other]] = [items[other], items[index]];
  }
  return items;
}
