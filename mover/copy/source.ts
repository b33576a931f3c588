import type { Hashers } from "./hashing";
import type { Entry } from "./walk";

/** The source of a copy, mounted or not. */
export interface Source {
  /** The program that fills the target, for people. */
  readonly program: string;
  /** The tree. Throws where this user can't copy all of it as it is. */
  read(): Promise<Entry[]>;
  /** When the root directory last changed, in nanoseconds since 1970: after `read`. */
  changed(): bigint;
  /** The digest of every file, by its path's key. */
  digest(entries: Entry[], hashers: Hashers): Promise<Map<string, string>>;
  /**
   * Brings all entries but those `kept` to the target. Returns what went wrong without judging it, because everything
   * is compared afterwards. `onBytes` is called with the number of bytes that have arrived so far.
   */
  fill(entries: Entry[], kept: Set<string>, onBytes: (bytes: number) => void): Promise<string>;
  /** Gives the target's root what the source's root has. */
  finish(): Promise<void>;
  close(): void;
}
