import { z } from "zod";
import { UserError } from "../../model/user-error";
import { lastUpdate } from "../pulumi/history";
import { pulumi, type Stack } from "../pulumi/stack";
import type { Verification } from "./service";

const verifiedSchema = z.object({
  /** HEAD of the checkout that the verified update was deployed from; "" where it isn't known. */
  commit: z.string(),
  at: z.iso.datetime(),
  ok: z.boolean(),
  failed: z.array(z.string()),
});

/** The result of the last verification of all services. */
export type Verified = z.infer<typeof verifiedSchema>;

/**
 * The stack's tag that holds the result. It is not an output, because only an update writes outputs, and an
 * update makes a verification out of date. A tag changes no state and needs no passphrase, and every backend of
 * Pulumi's keeps it.
 */
const verifiedTag = "verified";

/** Backends refuse a longer value. */
const longest = 256;

/**
 * What to record of these results. It is nothing where some services were left out and no service failed, because that
 * proves nothing about the services left out.
 */
export function toRecord(
  results: readonly Verification[],
  all: number,
  commit: string | undefined,
  at: Date,
): string | undefined {
  const failed = results.filter(({ ok }) => !ok).map(({ service }) => service);
  if (failed.length === 0 && results.length < all) return undefined;
  const verified: Verified = { commit: commit ?? "", at: at.toISOString(), ok: failed.length === 0, failed };
  while (JSON.stringify(verified).length > longest) verified.failed.pop();
  return JSON.stringify(verified);
}

/** Records the result of a verification with the stack. `all`: how many services the stack runs. */
export type Recorder = (results: readonly Verification[], all: number) => Promise<void>;

/**
 * Call this before the first service is verified, so that an update made meanwhile doesn't count as verified. Where the
 * result can't be recorded, the verification still holds, and a message goes to standard error.
 */
export function beginVerification(stack: Stack): Recorder {
  const at = new Date();
  const begun = lastUpdate(stack);
  // The recorder reports a failure of `begun`. Without this line the failure would end the process where
  // nothing is recorded.
  begun.catch(() => undefined);
  return async (results, all) => {
    try {
      const value = toRecord(results, all, (await begun)?.commit, at);
      if (value !== undefined) await pulumi(stack, ["stack", "tag", "set", verifiedTag, value, "--stack", stack.name]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`this result was not recorded, so npm run promote can't use it: ${error.message}\n`);
    }
  };
}

/** The result of the last verification; undefined where there was none. */
export async function readVerification(stack: Stack): Promise<Verified | undefined> {
  const tags = JSON.parse(await pulumi(stack, ["stack", "tag", "ls", "--json", "--stack", stack.name])) as Record<
    string,
    string
  >;
  const value = tags[verifiedTag];
  if (value === undefined) return undefined;
  const parsed = verifiedSchema.safeParse(parsedJson(value));
  if (parsed.success) return parsed.data;
  throw new UserError(
    `stack "${stack.name}": its tag "${verifiedTag}" was not written by npm run verify; run npm run verify again`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
