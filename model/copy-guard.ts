/** What a copy is told so that it erases nothing that may be the only good one. Types only. */

/** How much a volume holds: regular files, and the sum of their sizes in bytes, hard links counted once. */
export interface Held {
  files: number;
  bytes: number;
}

/** By what the copy program knows a source that has lost its data, and a target that has newer data. */
export interface Guard {
  /** What the source held when its own data was copied to it, where that is known. */
  noted?: Held;
  /** A person has said that so many files are enough. */
  enough?: number;
  /** What a person can do instead, as a sentence. */
  instead: string;
  /** A command that lacks only the number of files: it says that the source is meant to hold so little. */
  accept?: string;
}
