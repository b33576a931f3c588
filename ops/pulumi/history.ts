import { z } from "zod";
import { pulumi, type Stack } from "./stack";

const entries = z.array(
  z.object({
    kind: z.string(),
    result: z.string().optional(),
    startTime: z.coerce.date(),
    endTime: z.coerce.date().optional(),
    environment: z.record(z.string(), z.string()).optional(),
  }),
);

/** An update as Pulumi's history has it. */
export interface LastUpdate {
  succeeded: boolean;
  /** When it ended. */
  at: Date;
  /** HEAD of the checkout that it was deployed from; undefined outside of git. */
  commit?: string;
  /** Whether that checkout had changes that were not committed. */
  dirty: boolean;
}

/** The stack's last `up` or `destroy`; undefined where it was never deployed. Pulumi notes the commit by itself. */
export async function lastUpdate(stack: Stack): Promise<LastUpdate | undefined> {
  return parseHistory(
    JSON.parse(
      await pulumi(stack, ["stack", "history", "--json", "--page-size", "10", "--page", "1", "--stack", stack.name]),
    ),
  );
}

/**
 * Finds the last update in a history, whose newest entry is first. Entries that only read or imported something are
 * skipped. A history that can't be understood counts as no update.
 */
export function parseHistory(history: unknown): LastUpdate | undefined {
  const update = entries.safeParse(history).data?.find(({ kind }) => kind === "update" || kind === "destroy");
  if (!update) return undefined;
  const { kind, result, startTime, endTime = startTime, environment = {} } = update;
  return {
    succeeded: kind === "update" && result === "succeeded",
    at: endTime,
    commit: environment["git.head"],
    dirty: environment["git.dirty"] === "true",
  };
}
