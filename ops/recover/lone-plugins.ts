import { describeLone, lonePlugins } from "../pulumi/plugins";
import type { Stack } from "../pulumi/stack";
import { NotYet, waitFor } from "../terminal/wait";

/** In ms. A plugin that notices the end of its CLI ends within this time. */
const grace = 3_000;

/**
 * Says which plugins of a CLI that is gone still work for the stack's project after `patience` ms; undefined for none.
 * Waits 3 s at least.
 */
export async function whatGoesOn(stack: Stack, patience = 0): Promise<string | undefined> {
  const look = async () => {
    const plugins = await lonePlugins(stack);
    if (plugins.length > 0) throw new NotYet(describeLone(plugins));
  };
  try {
    await waitFor(look, { patience: Math.max(patience, grace), every: 200 });
    return undefined;
  } catch (error) {
    if (error instanceof NotYet) return error.message;
    throw error;
  }
}
