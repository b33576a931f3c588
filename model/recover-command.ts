/** The command that gives what bears the mark of a stack's earlier name that of its name now; both `project/stack`. */
export function renamedCommand(now: string, before: string): string {
  const [project = "", stack = ""] = now.split("/");
  const from = before.startsWith(`${project}/`) ? before.slice(project.length + 1) : before;
  return `npm run recover -- --renamed-from ${from} --stack ${stack}`;
}

/** The command that makes a stack forget a cluster that is gone. */
export const newClusterCommand = (stack: string): string => `npm run recover -- --new-cluster --stack ${stack}`;

/** What follows another way out where an object bears another stack's mark. */
export const renamedWay = (now: string, before: string): string =>
  `; if ${before} was this stack's name: ${renamedCommand(now, before)}`;
