import pRetry from "p-retry";
import { UserError } from "../../model/user-error";

/** Thrown by the `look` of `waitFor` to be called again. The person sees its message once the time is over. */
export class NotYet extends UserError {}

export interface WaitOptions {
  /** How long to wait, in ms; 0 looks once. */
  patience: number;
  /** Time between two looks, in ms; default 300. */
  every?: number;
}

/**
 * Calls `look` again and again while it throws NotYet, and returns its answer. Throws the last NotYet once the time is
 * over, and any other error at once.
 */
export function waitFor<T>(look: () => Promise<T>, { patience, every = 300 }: WaitOptions): Promise<T> {
  return pRetry(look, {
    retries: Infinity,
    maxRetryTime: patience,
    minTimeout: every,
    factor: 1,
    shouldRetry: ({ error }) => error instanceof NotYet,
  });
}
