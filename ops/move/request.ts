import { UserError } from "../../model/user-error";
import type { ClaimChange } from "./decide";

interface Options {
  to?: string;
  size?: string;
  anew?: boolean;
  node?: string;
  back?: boolean;
  "as-it-was"?: boolean;
  off?: string;
}

/** What a person asked for: a change of one service or claim, or a drain. */
export type MoveRequest = { operand: string; change: ClaimChange } | DrainRequest;

/** Every volume that is tied to the node `off` leaves it: to a backend, to another node, or to both. */
export interface DrainRequest {
  off: string;
  to?: string;
  node?: string;
}

export const isDrain = (request: MoveRequest): request is DrainRequest => "off" in request;

const usage =
  "npm run move -- SERVICE[/CLAIM] --to BACKEND [--node NODE] [--size SIZE], --node NODE [--size SIZE], " +
  "--size SIZE, --anew [--size SIZE], or --back [--as-it-was]; or -- --off NODE [--to BACKEND] [--node OTHER]";

/** What the arguments ask for. Throws a UserError for options that exclude each other, and for a missing option. */
export function readRequest(
  { to, size, anew = false, node, back = false, "as-it-was": asItWas = false, off }: Options,
  operands: readonly string[],
): MoveRequest {
  if (off !== undefined) {
    refuse(
      operands.length > 0,
      `--off moves the volumes of every service off the node; leave out the service (${operands[0]})`,
    );
    refuse(size !== undefined || anew || back || asItWas, "--off can be combined only with --to and --node");
    refuse(node === off, `--node names ${off}, the node that the volumes have to leave; name another node`);
    return { off, ...given({ to, node }) };
  }
  const [operand, another] = operands;
  if (operand === undefined) throw new UserError(`the service is missing: ${usage}`);
  refuse(another !== undefined, `only one service can be named at a time, and there are: ${operands.join(", ")}`);
  refuse(asItWas && !back, "--as-it-was can be used only with --back");
  refuse(
    back && (to !== undefined || size !== undefined || node !== undefined),
    "--back returns to the earlier volume, which has its own place and size: leave out --to, --node and --size",
  );
  refuse(
    anew && (back || to !== undefined || node !== undefined),
    "--anew makes another volume in the same place: leave out --to, --node and --back",
  );
  if (anew) return { operand, change: { kind: "anew", ...given({ size }) } };
  if (back) return { operand, change: { kind: "back", asItWas } };
  if (to !== undefined) return { operand, change: { kind: "to", to, ...given({ size, node }) } };
  if (node !== undefined) return { operand, change: { kind: "node", node, ...given({ size }) } };
  if (size !== undefined) return { operand, change: { kind: "size", size } };
  throw new UserError(`the place to move ${operand} to is missing: ${usage}`);
}

/** The entries that have a value. */
const given = <Entries extends Record<string, string | undefined>>(entries: Entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof Entries, string>
  >;

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new UserError(message);
}
