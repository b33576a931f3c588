import { UserError } from "../errors";
import type { Request } from "./decide";

interface Options {
  to?: string;
  size?: string;
  back?: boolean;
  "as-it-was"?: boolean;
  off?: string;
}

export type MoveRequest = { operand: string; request: Request } | { off: string; to?: string };

const usage = "npm run move -- SERVICE[/CLAIM] --to BACKEND [--size SIZE], --size SIZE, or --back [--as-it-was]; or -- --off NODE [--to BACKEND]";

/** What the arguments ask for. Throws a UserError for what doesn't go together or says nothing. */
export function readRequest({ to, size, back = false, "as-it-was": asItWas = false, off }: Options, operands: readonly string[]): MoveRequest {
  if (off !== undefined) {
    refuse(operands.length > 0, `--off moves every service's volumes off the node, and ${operands[0]} is one service`);
    refuse(size !== undefined || back || asItWas, "--off goes with --to only");
    return { off, ...(to === undefined ? {} : { to }) };
  }
  const [operand, another] = operands;
  if (operand === undefined) throw new UserError(`say which service: ${usage}`);
  refuse(another !== undefined, `one service at a time: ${operands.join(", ")}`);
  refuse(asItWas && !back, "--as-it-was goes with --back");
  refuse(back && (to !== undefined || size !== undefined), "--back returns to the volume before, with its own place and size: leave out --to and --size");
  if (back) return { operand, request: { kind: "back", asItWas } };
  if (to !== undefined) return { operand, request: { kind: "to", to, ...(size === undefined ? {} : { size }) } };
  if (size !== undefined) return { operand, request: { kind: "size", size } };
  throw new UserError(`say where ${operand} shall go: ${usage}`);
}

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new UserError(message);
}
