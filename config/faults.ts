import type { Fault } from "../model/plan";

/** All faults in one message, each with its path in the stack config. */
export function describeFaults(stack: string, faults: Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const lines = faults.map(({ path, message }) =>
    path === "" ? `  ${message}` : `  cluster-storage:${path}: ${message}`,
  );
  return [`the config of stack "${stack}" has ${count}, so nothing was changed:`, ...lines].join("\n");
}
