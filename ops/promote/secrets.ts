import { pathText } from "../../model/config-path";
import { hiddenText, hideSealed, isSealed, placesOf } from "../../model/hidden";
import type { Difference } from "./difference";

/** How two stacks' secrets differ. A secret is encrypted for one stack, so no value of one is ever carried over. */

export const holdsSecret = (value: unknown) => placesOf(value, isSealed).length > 0;

/**
 * A value without the secrets in it, the lists that have one, and the maps that have nothing else. Undefined where
 * nothing is left.
 */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !holdsSecret(value)) return value;
  if (isSealed(value) || Array.isArray(value)) return undefined;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, withoutSecrets(inner)])
    .filter(([, inner]) => inner !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The difference where one of the two is a secret, or has one that can't be told apart; undefined for any other. */
export function compareSecrets(path: string[], from: unknown, to: unknown, stack: string): Difference[] | undefined {
  const place = `'cluster-storage:${pathText(path)}' -s ${stack}`;
  const shown = { path, from: hideSealed(from), to: hideSealed(to) };
  if (isSealed(from) && isSealed(to))
    return [{ path, from: hiddenText, to: hiddenText, kind: "intent", reason: "each stack has its own secret here" }];
  if (isSealed(from)) {
    const reason =
      `a secret is encrypted for one stack; give ${stack} its own: ` + `pulumi config set --secret --path ${place}`;
    return [{ ...shown, kind: "left", reason }];
  }
  if (!holdsSecret(to)) return undefined;
  const reason =
    from === undefined
      ? `only ${stack} has this secret, and keeps it; to take it out: pulumi config rm --path ${place}`
      : `${stack} has a secret here, and keeps it; to set it in plain text: ` +
        `pulumi config set --plaintext --path ${place} VALUE`;
  return [{ ...shown, kind: "left", reason }];
}
