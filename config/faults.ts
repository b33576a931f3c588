import type { Fault } from "../model/plan";
import { distance } from "fastest-levenshtein";

/** `did you mean "x"?` where a known name is near enough to be what was meant, else the list of known ones. */
export function suggest(name: string, known: Iterable<string>): string {
  const names = [...known];
  const [nearest] = names.map((known) => ({ known, far: distance(name, known) })).sort((a, b) => a.far - b.far);
  if (nearest && nearest.far <= Math.max(1, Math.floor(name.length / 3))) return `did you mean "${nearest.known}"?`;
  return names.length > 0 ? `there is: ${names.sort().join(", ")}` : "there is none";
}

/** All faults in one message, each with its path in the stack config. */
export function describeFaults(stack: string, faults: Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const lines = faults.map(({ path, message }) => `  cluster-storage:${path}: ${message}`);
  return [`the config of stack "${stack}" has ${count}, so nothing was changed:`, ...lines].join("\n");
}
