import { renderTable } from "../table";
import type { Credential, Verdict } from "./types";

/** What was found and what would be done, a line for each object. */
export function describePlan(verdicts: readonly Verdict[], credentials: readonly Credential[]): string {
  const rows = verdicts.map((verdict) => [verdict.kind, idOf(verdict), verdict.found, describe(verdict)]);
  const values = credentials.length > 0 ? `${credentials.length} generated ${credentials.length === 1 ? "value" : "values"} stay as they are (${[...new Set(credentials.map(({ from }) => from))].join(", ")})\n` : "";
  return `${renderTable(["KIND", "NAME", "FOUND", "WHAT HAPPENS"], rows)}\n${values}`;
}

function describe(verdict: Verdict): string {
  switch (verdict.action) {
    case "adopt":
      return ["taken over as it is", ...verdict.notes].join("; ");
    case "restore":
      return `claim made again on its volume ${verdict.volume}`;
    case "replace":
      return `deleted and made anew by the next update, because ${verdict.why}${isWorkload(verdict) ? "; its pods stop, its claims stay" : ""}`;
    case "refuse":
      return "NOT taken over";
  }
}

/** Everything that is in the way, with what would be right. */
export function describeFaults(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict) => (verdict.action === "refuse" ? verdict.faults.map(({ why, wayOut }) => `${verdict.kind} ${idOf(verdict)}: ${why}; ${wayOut}`) : []));
}

/** What of it a script reads. */
export function planAsJson(verdicts: readonly Verdict[], credentials: readonly Credential[]): object {
  const items = verdicts.map(({ kind, namespace, name, found, ...verdict }) => ({
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    found,
    action: verdict.action,
    ...(verdict.action === "adopt" && verdict.notes.length > 0 && { notes: verdict.notes }),
    ...(verdict.action === "replace" && { why: verdict.why }),
    ...(verdict.action === "restore" && { volume: verdict.volume }),
    ...(verdict.action === "refuse" && { faults: verdict.faults }),
  }));
  return { items, credentials: credentials.map(({ urn, from }) => ({ name: urn.split("::").pop(), from })) };
}

export const idOf = ({ namespace, name }: { namespace?: string; name: string }) => (namespace === undefined ? name : `${namespace}/${name}`);

const isWorkload = ({ kind }: Verdict) => kind === "Deployment" || kind === "StatefulSet";
