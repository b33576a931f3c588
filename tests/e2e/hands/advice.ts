/** One command that our own text advises. */
export type Advised =
  { run: "patch"; args: string[] } | { run: "adopt" | "begin-empty" | "move --anew" | "refresh, up" };

const commands =
  /kubectl (patch pv \S+) -p '([^']+)'|npm run (adopt|recover -- --begin-empty|move -- \S+ --anew)|(pulumi refresh)/g;

/** What an operator runs who does as a refusal or a status says, in the order of the text. */
export function advisedIn(printed: string): Advised[] {
  return [...printed.matchAll(commands)].map(([, patch, json = "", ours = ""]): Advised => {
    if (patch !== undefined) return { run: "patch", args: [...patch.split(" "), "-p", json] };
    if (ours === "adopt") return { run: "adopt" };
    if (ours.startsWith("recover")) return { run: "begin-empty" };
    return { run: ours.startsWith("move") ? "move --anew" : "refresh, up" };
  });
}
