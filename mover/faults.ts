import { moveExit } from "../model/move-exit";

/** An error that a person is told of, and whether another try may succeed without a change. */
export class MoveError extends Error {
  /** False, the default: a person has to change something first. */
  readonly transient: boolean;

  constructor(message: string, { transient = false }: { transient?: boolean } = {}) {
    super(message);
    this.transient = transient;
  }
}

/** What was thrown, as an error. */
export const errorOf = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Node's code of what was thrown, such as ENOENT; empty where it has none. */
export const codeOf = (thrown: unknown) =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";

/** How a program says that it failed. A bug in the mover comes with the place where it happened. */
export function faultOf(thrown: unknown): { error: string; transient: boolean } {
  const { message, stack } = errorOf(thrown);
  return thrown instanceof MoveError
    ? { error: message, transient: thrown.transient }
    : { error: stack ?? message, transient: true };
}

/** The exit code of a program that failed so. */
export const exitOf = ({ transient }: { transient: boolean }): number =>
  transient ? moveExit.failed : moveExit.person;

/** A file's name for people: a name that is no plain text is written with the values of its bytes. */
export function show(name: Buffer): string {
  const text = name.toString("utf8");
  const plain = Buffer.from(text, "utf8").equals(name) && !/[\p{Cc}\p{Cf}\\]/u.test(text);
  return plain ? text : [...name].map(showByte).join("");
}

const showByte = (byte: number) =>
  byte > 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;

/** The first `shown` of a list, and how many more there are. */
export function firstOf(items: string[], shown = 3): string {
  return items.length > shown
    ? `${items.slice(0, shown).join("; ")}; and ${items.length - shown} more`
    : items.join("; ");
}
