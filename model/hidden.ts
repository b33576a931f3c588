/** What every text about a hidden value has in its place. */
export const hiddenText = "[secret]";

/**
 * A value that came in as a secret. No text, JSON or inspection of it shows the value, so no message, log, plan or
 * output can: only `reveal` gives it, which is for components alone.
 */
export class Hidden {
  readonly #value: string | undefined;

  /** `value`: absent where it is known to be a secret and can't be decrypted, as in a stack file. */
  constructor(value?: string) {
    this.#value = value;
  }

  /** The value in plain text. Throws where only the encrypted form is known. */
  reveal(): string {
    if (this.#value === undefined) throw new Error("a value that is encrypted in a stack file can't be revealed");
    return this.#value;
  }

  toString(): string {
    return hiddenText;
  }

  toJSON(): string {
    return hiddenText;
  }

  // What console.log and assertion messages show.
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hiddenText;
  }
}

type Entries = Record<string, unknown>;

const isMap = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Hidden);

/** Whether this is how a stack file has a secret: a map with the only key `secure`. */
export const isSealed = (value: unknown): boolean =>
  isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";

/** A value of a stack file with each encrypted value in it as a hidden one. */
export const hideSealed = (value: unknown): unknown =>
  mapLeaves(value, (leaf) => (isSealed(leaf) ? new Hidden() : undefined));

/** A copy of a value in which `replace` gives other values for parts; where it gives undefined, the part stays. */
export function mapLeaves(value: unknown, replace: (part: unknown) => unknown): unknown {
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((part) => mapLeaves(part, replace));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapLeaves(part, replace)]));
}

/** Where a value has parts for which `is` holds, each as the keys that lead to it. */
export function placesOf(value: unknown, is: (part: unknown) => boolean, at: PropertyKey[] = []): PropertyKey[][] {
  if (is(value)) return [at];
  if (Array.isArray(value)) return value.flatMap((part, i) => placesOf(part, is, [...at, i]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => placesOf(part, is, [...at, key]));
}

/** The hidden values in a value, each as the keys that lead to it. */
export const hiddenPlaces = (value: unknown): PropertyKey[][] => placesOf(value, (part) => part instanceof Hidden);
