import type { CheckResult } from "../model/backend";
import { joined } from "../model/words";

/** The results that one check can have. A way out says what to do, in words that can be followed or pasted. */
export function results(id: string) {
  return {
    ok: (title: string): CheckResult => ({ id, level: "ok", title }),
    warning: (title: string, wayOut: string): CheckResult => ({ id, level: "warning", title, wayOut }),
    error: (title: string, wayOut: string): CheckResult => ({ id, level: "error", title, wayOut }),
    /** The answer could not be found out. */
    unknown: (title: string, wayOut?: string): CheckResult => ({
      id,
      level: "skipped",
      title,
      ...(wayOut && { wayOut }),
    }),
    /** The caller may not list the objects that the check needs. */
    unread: (what: string): CheckResult => ({
      id,
      level: "skipped",
      title: `${what} may not be listed with this context's credentials`,
    }),
  };
}

/** `a`, `a and b`, `a, b and c`; from the sixth on they are only counted. */
export function listed(names: readonly string[]): string {
  if (names.length > 5) return `${names.slice(0, 4).join(", ")} and ${names.length - 4} more`;
  return joined(names);
}
