/** One line of the CLI's event log, as far as it is read here. */
interface LoggedEvent {
  diagnosticEvent?: { ephemeral?: boolean; prefix?: string; message?: string };
}

/**
 * What the CLI printed, without what its plugins said only for the moment, such as what they waited for. Each plugin
 * words it differently, so it is known by the event log and not by its words. Blank lines are left to `tidy`.
 */
export function withoutStatuses(printed: string, eventLog: string): string {
  const passing = new Map<string, number>();
  for (const line of statusesIn(eventLog)) passing.set(line, (passing.get(line) ?? 0) + 1);
  const stays = (line: string): boolean => {
    const left = passing.get(line) ?? 0;
    passing.set(line, left - 1);
    return left <= 0;
  };
  return printed.split("\n").filter(stays).join("\n");
}

/** The lines of all statuses. A line that isn't whole, because the CLI was killed, says nothing. */
function statusesIn(eventLog: string): string[] {
  return eventLog
    .split("\n")
    .flatMap(read)
    .filter(({ diagnosticEvent }) => diagnosticEvent?.ephemeral)
    .flatMap(({ diagnosticEvent: { prefix = "", message = "" } = {} }) =>
      `${prefix}${message}`.split("\n").filter((line) => line.trim() !== ""),
    );
}

function read(line: string): LoggedEvent[] {
  try {
    return [JSON.parse(line) as LoggedEvent];
  } catch {
    return [];
  }
}
