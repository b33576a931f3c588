import type { Api } from "../wire/api";
import type { pathsOf } from "../orchestrate/paths";

/** What the parts that take data out of a running pod need of the program that does so: a move or a backup. */
export interface Leaving {
  readonly api: Api;
  readonly paths: ReturnType<typeof pathsOf>;
  /** Prints a line for people. */
  readonly log: (line: string) => void;
  readonly act: "move" | "backup";
  readonly service: string;
  /** Where the data arrives, for people. */
  readonly arrival: string;
  /** Throws when the program was told to end. */
  check(): void;
}
