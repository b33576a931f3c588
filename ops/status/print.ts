import { renderTable } from "../table";
import type { StackOutputs } from "../outputs";
import { podSummary, statusRows, type ServiceFacts } from "./rows";

const head = ["SERVICE", "NAMESPACE", "KIND", "CLAIM", "CLASS", "SIZE", "PHASE", "NODE", "POD", "STATE", "IMAGE"];

/** The status table, a row a claim, and below it what isn't as it should be. */
export function statusTable(services: StackOutputs["services"], facts: ReadonlyMap<string, ServiceFacts>): string {
  const rows = statusRows(services, facts).map((row) => [
    row.service,
    row.namespace,
    row.kind,
    row.claim,
    row.class ?? "-",
    row.size,
    row.phase,
    row.node ?? "-",
    row.pod ?? "-",
    podSummary(facts.get(row.service)),
    row.standIn ? `stand-in (${row.image})` : row.image,
  ]);
  return `${renderTable(head, rows)}\n${summary(services, facts)}`;
}

function summary(services: StackOutputs["services"], facts: ReadonlyMap<string, ServiceFacts>): string {
  const rows = statusRows(services, facts);
  const unbound = rows.filter(({ phase }) => phase !== "Bound").map(({ claim, phase }) => `${claim} is ${phase}`);
  const unready = Object.keys(services).map((name) => ({ name, state: podSummary(facts.get(name)) }));
  const notReady = unready.filter(({ state }) => state !== "ready").map(({ name, state }) => `${name}: ${state}`);
  const standIns = Object.values(services).filter(({ standIn }) => standIn).length;
  const lines = [
    `${rows.length - unbound.length} of ${rows.length} claims Bound, ${unready.length - notReady.length} of ${unready.length} services ready`,
    ...[...unbound, ...notReady].map((trouble) => `  ${trouble}`),
  ];
  if (standIns > 0) lines.push(`stand-in: ${standIns} of ${unready.length} run a small program in the real image's place, because no image registry could be reached`);
  return lines.join("\n");
}
