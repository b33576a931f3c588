import type { Context } from "./context";

/** Sets annotations of a claim, or removes them where they are null. Does nothing where there is no claim. */
export async function annotate(
  { api, paths }: Context,
  claim: string | undefined,
  annotations: Record<string, string | null>,
): Promise<void> {
  if (claim) await api.patch(paths.claim(claim), { metadata: { annotations } });
}
