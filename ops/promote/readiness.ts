import type { LastUpdate } from "../pulumi/history";
import type { Verified } from "../verify/record";

/** The facts that decide whether a stack's state may go on to the next stack. */
export interface Readiness {
  stack: string;
  head: string;
  /** Files that deploy and are not committed. */
  uncommitted: string[];
  update?: LastUpdate;
  /** Files that deploy and differ between the deployed commit and HEAD. */
  since: string[];
  verified?: Verified;
  /** Names of moves that have not ended. */
  moves: string[];
}

/** Why the stack may not be promoted, one line for each reason; empty if it may. */
export function whyNot({ stack, head, uncommitted, update, since, verified, moves }: Readiness): string[] {
  if (uncommitted.length > 0)
    return [
      `some changes are not committed (${some(uncommitted)}): commit them, deploy them to ${stack}, ` + "and verify",
    ];
  if (!update) return [`${stack} was never deployed, so there is nothing to promote`];
  if (!update.succeeded)
    return [`${stack}'s last update failed, ${when(update.at)}: run pulumi up, then npm run verify`];
  return [
    ...whyNotHead(stack, head, update, since),
    ...moves.map((job) => `the move ${job} of ${stack} isn't finished; pulumi up continues it`),
    ...whyNotVerified(stack, update, verified),
  ];
}

function whyNotHead(stack: string, head: string, { commit, dirty }: LastUpdate, since: readonly string[]): string[] {
  if (commit === undefined)
    return [
      `${stack} was not deployed from a git checkout, so its commit isn't known; deploy it from this checkout, ` +
        `at ${short(head)}`,
    ];
  if (dirty)
    return [
      `${stack} was deployed from a checkout with uncommitted changes on top of ${short(commit)}: ` +
        `deploy ${short(head)} itself, then npm run verify`,
    ];
  return since.length > 0
    ? [
        `${stack} is at ${short(commit)}, and not at the committed ${short(head)} (${some(since)}): deploy ` +
          "it, then npm run verify",
      ]
    : [];
}

function whyNotVerified(stack: string, { at, commit }: LastUpdate, verified: Verified | undefined): string[] {
  if (!verified) return [`${stack} was never verified; run npm run verify`];
  const { ok, failed, commit: of } = verified;
  const time = new Date(verified.at);
  if (!ok)
    return [
      `${stack}'s last verification failed, ${when(time)} (${failed.join(", ")}); repair what failed, ` +
        `then run npm run verify`,
    ];
  if (time < at || of !== (commit ?? ""))
    return [`${stack} was verified ${when(time)}, and updated since, ${when(at)}: npm run verify`];
  return [];
}

export const short = (commit: string) => commit.slice(0, 7);

const when = (time: Date) => time.toISOString().slice(0, 19).replace("T", " ");

const some = (files: readonly string[]) =>
  files.length > 3 ? `${files.slice(0, 3).join(", ")} and ${files.length - 3} more` : files.join(", ");
