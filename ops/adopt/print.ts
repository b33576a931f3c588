import { UserError } from "../../model/user-error";
import { renderTable } from "../terminal/table";
import type { Credential, Rescue, Verdict } from "./types";

/** Kinds that hold data or whose pods use it. */
const important = ["PersistentVolumeClaim", "Deployment", "StatefulSet", "Secret"];

/**
 * Describes what was found and what would be done. Each object that holds data, uses it or can't stay has a line; the
 * others are only counted.
 */
export function describePlan(verdicts: readonly Verdict[], credentials: readonly Credential[]): string {
  const shown = verdicts.filter(({ kind, action }) => important.includes(kind) || action !== "adopt");
  const rows = shown.map((verdict) => [verdict.kind, idOf(verdict), verdict.found, describe(verdict)]);
  const others = verdicts.length - shown.length;
  const lines = [
    renderTable(["KIND", "NAME", "FOUND", "WHAT HAPPENS"], rows.sort(byPlace)),
    ...(others > 0
      ? [`and ${others} ${others === 1 ? "object" : "objects"} without data, taken over as they are`]
      : []),
    ...(credentials.length > 0
      ? [
          "generated values that stay as they " +
            `are: ${credentials.map(({ urn, from }) => `${urn.split("::").pop()} (${from})`).join(", ")}`,
        ]
      : []),
    ...inPlainText(credentials),
  ];
  return lines.join("\n");
}

/** Passwords that a workload had written out: whoever may read workloads or backups of them has seen them. */
function inPlainText(credentials: readonly Credential[]): string[] {
  const seen = credentials.filter(({ from }) => from.startsWith("variable "));
  if (seen.length === 0) return [];
  const names = seen.map(({ urn, from }) => `${urn.split("::").pop()} (${from})`).join(", ");
  const commands = [...new Set(seen.map(({ service }) => `npm run rotate -- ${service}`))].join(", ");
  return [
    `in plain text in a workload until now: ${names}; they are recorded as secrets, and others may have read them, ` +
      `so give them new values after the next update: ${commands}`,
  ];
}

/** Orders by namespace and name, with a claim before the workload that uses it. */
function byPlace([kindA = "", a = ""]: string[], [kindB = "", b = ""]: string[]): number {
  return a.localeCompare(b) || rank(kindA) - rank(kindB);
}

const rank = (kind: string) => (important.includes(kind) ? important.indexOf(kind) : important.length);

function describe(verdict: Verdict): string {
  switch (verdict.action) {
    case "adopt":
      return ["taken over as it is", ...verdict.notes].join("; ");
    case "restore":
      return `claim made again on its volume ${verdict.volume}`;
    case "rescue":
      return rescueText(verdict);
    case "resume":
      return `started again with ${verdict.replicas === 1 ? "1 pod" : `${verdict.replicas} pods`}`;
    case "forget":
      return "dropped from the state; the next update makes it again";
    case "replace":
      return (
        "deleted and made anew by the next update, " +
        `because ${verdict.why}${isWorkload(verdict) ? "; its pods stop, its claims stay" : ""}`
      );
    case "refuse":
      return "NOT taken over";
  }
}

function rescueText({ volume, policy, stops }: Rescue): string {
  const kept = policy === "Retain" ? "" : `its volume ${volume} is set from ${policy} to Retain; then `;
  const stopped = stops.map(({ kind, metadata }) => `${kind} ${metadata.name} is stopped, `).join("");
  const starts = stops.length > 0 ? ", and it is started again" : "";
  return `${kept}${stopped}the claim goes and is made again on its volume ${volume}${starts}`;
}

/** Every fault, with the way to mend it. */
export function describeFaults(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict) =>
    verdict.action === "refuse"
      ? verdict.faults.map(({ why, wayOut }) => `${verdict.kind} ${idOf(verdict)}: ${why}; ${wayOut}`)
      : [],
  );
}

/** The plan's part that scripts read. */
export function planAsJson(verdicts: readonly Verdict[], credentials: readonly Omit<Credential, "service">[]): object {
  const items = verdicts.map(({ kind, namespace, name, found, ...verdict }) => ({
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    found,
    action: verdict.action,
    ...(verdict.action === "adopt" && verdict.notes.length > 0 && { notes: verdict.notes }),
    ...(verdict.action === "replace" && { why: verdict.why }),
    ...((verdict.action === "restore" || verdict.action === "rescue") && { volume: verdict.volume }),
    ...(verdict.action === "refuse" && { faults: verdict.faults }),
  }));
  return { items, credentials: credentials.map(({ urn, from }) => ({ name: urn.split("::").pop(), from })) };
}

export const idOf = ({ namespace, name }: { namespace?: string; name: string }) =>
  namespace === undefined ? name : `${namespace}/${name}`;

const isWorkload = ({ kind }: Verdict) => kind === "Deployment" || kind === "StatefulSet";

/** @throws UserError with every fault, where there is one. `untouched`: what was not done. */
export function refuseFaults(verdicts: readonly Verdict[], untouched: string): void {
  const faults = describeFaults(verdicts);
  if (faults.length > 0)
    throw new UserError(`${untouched}, because:\n${faults.map((fault) => `- ${fault}`).join("\n")}`);
}
