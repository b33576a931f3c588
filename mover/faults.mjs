// @ts-check

/** What a person is told, and whether another try may go well by itself. */
export class MoveError extends Error {
  /**
   * @param {string} message
   * @param {{ transient?: boolean }} [options] default: a person has to change something first
   */
  constructor(message, { transient = false } = {}) {
    super(message);
    this.transient = transient;
  }
}

/**
 * What a program says of how it failed; a mistake of ours with where it happened. @param {unknown} thrown @returns {{
 * error: string, transient: boolean }}
 */
export function faultOf(thrown) {
  const { message, stack } = /** @type {Error} */ (thrown);
  return thrown instanceof MoveError
    ? { error: message, transient: thrown.transient }
    : { error: stack ?? message, transient: true };
}

/** A file's name for people: what isn't plain text is written as the bytes it has. @param {Buffer} name */
export function show(name) {
  const text = name.toString("utf8");
  const plain = Buffer.from(text, "utf8").equals(name) && !/[\p{Cc}\p{Cf}\\]/u.test(text);
  return plain
    ? text
    : [...name]
        .map((byte) =>
          byte > 0x20 && byte < 0x7f && byte !== 0x5c
            ? String.fromCharCode(byte)
            : `\\x${byte.toString(16).padStart(2, "0")}`,
        )
        .join("");
}

/** The first of a list with how many more there are. @param {string[]} items */
export function firstOf(items, shown = 3) {
  return items.length > shown
    ? `${items.slice(0, shown).join("; ")}; and ${items.length - shown} more`
    : items.join("; ");
}
