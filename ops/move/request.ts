import { UserError } from "../../model/user-error";
import type { ClaimChange } from "./decide";

interface Options {
  to?: string;
  size?: string;
  node?: string;
  back?: boolean;
  "as-it-was"?: boolean;
  off?: string;
}

export type MoveRequest = { operand: string; request: ClaimChange } | OffRequest;

/** All volumes that are tied to the node `off`: to a backend, to another node, or to what there is one of. */
export interface OffRequest {
  off: string;
  to?: string;
  node?: string;
}

const usage =
  "npm run move -- SERVICE[/CLAIM] --to BACKEND [--node NODE] [--size SIZE], --node NODE [--size SIZE], " +
  "--size SIZE, or --back [--as-it-was]; or -- --off NODE [--to BACKEND] [--node OTHER]";

/** What the arguments ask for. Throws a UserError for what doesn't go together or says nothing. */
export function readRequest(
  { to, size, node, back = false, "as-it-was": asItWas = false, off }: Options,
  operands: readonly string[],
): MoveRequest {
  if (off !== undefined) {
    refuse(operands.length > 0, `--off moves every service's volumes off the node, and ${operands[0]} is one service`);
    refuse(size !== undefined || back || asItWas, "--off goes with --to and --node only");
    refuse(node === off, `${off} is the node that is to be left; name another with --node`);
    return { off, ...given({ to, node }) };
  }
  const [operand, another] = operands;
  if (operand === undefined) throw new UserError(`say which service: ${usage}`);
  refuse(another !== undefined, `one service at a time: ${operands.join(", ")}`);
  refuse(asItWas && !back, "--as-it-was goes with --back");
  refuse(
    back && (to !== undefined || size !== undefined || node !== undefined),
    "--back returns to the volume before, with its own place and size: leave out --to, --node and --size",
  );
  if (back) return { operand, request: { kind: "back", asItWas } };
  if (to !== undefined) return { operand, request: { kind: "to", to, ...given({ size, node }) } };
  if (node !== undefined) return { operand, request: { kind: "node", node, ...given({ size }) } };
  if (size !== undefined) return { operand, request: { kind: "size", size } };
  throw new UserError(`say where ${operand} shall go: ${usage}`);
}

/** The entries that say something. */
const given = <Entries extends Record<string, string | undefined>>(entries: Entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof Entries, string>
  >;

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new UserError(message);
}
