import { endangered, outliving, type OtherPolicy } from "../../preflight/policies";
import { formatAge } from "../terminal/age";
import { renderTable } from "../terminal/table";
import type { StackOutputs } from "../pulumi/outputs";
import type { VolumeFacts } from "../../model/facts";
import { volumeText } from "../../plan/data-state";
import { catalogue } from "../../services/catalogue";
import { madeOnRequest } from "../../services/shared/local-image";
import { backupsOf } from "./backups";
import { certificatesOf } from "./certificates";
import { podTrouble } from "./ways-back";
import { podSummary, statusRows, type ServiceFacts, type StatusRow } from "./rows";
import { joined } from "../../model/words";

const head = ["SERVICE", "NAMESPACE", "KIND", "CLAIM", "CLASS", "SIZE", "PHASE", "NODE", "POD", "STATE", "IMAGE"];

/** The status table with one row for each claim, and below it what isn't as it should be. */
export function statusTable(
  services: StackOutputs["services"],
  facts: ReadonlyMap<string, ServiceFacts>,
  now = new Date(),
): string {
  const all = statusRows(services, facts);
  const rows = all
    .filter(({ kept }) => !kept)
    .map((row) => [
      row.service,
      row.namespace,
      row.kind,
      row.claim,
      row.class ?? "-",
      row.size,
      row.phase,
      row.node ?? "-",
      row.pod ?? "-",
      services[row.service]?.run === false ? "not run" : podSummary(facts.get(row.service)),
      row.standIn ? `stand-in (${row.image})` : row.image,
    ]);
  return `${renderTable(head, rows)}\n${summary(services, facts, now)}${keptVolumes(
    all.filter(({ kept }) => kept),
    now,
  )}`;
}

/** The lines on volumes that earlier moves have left. */
function keptVolumes(rows: readonly StatusRow[], now: Date): string {
  if (rows.length === 0) return "";
  const lines = rows.map(({ service, claim, generation, class: name, size, created, phase }) => {
    const age = created === null ? phase : `${formatAge(new Date(created), now)} old`;
    return `  ${claim} of ${service}, generation ${generation}: ${size}, ${name ?? "no class"}, ${age}`;
  });
  return `\nkept from earlier moves; npm run release -- SERVICE deletes one:\n${lines.join("\n")}`;
}

function summary(services: StackOutputs["services"], facts: ReadonlyMap<string, ServiceFacts>, now: Date): string {
  const rows = statusRows(services, facts).filter(({ kept, phase }) => !kept && phase !== "ephemeral");
  const unbound = rows.filter(({ phase }) => phase !== "Bound");
  const troubles = [...facts.values()].flatMap(({ troubles = [] }) => troubles);
  const named = unbound.filter(({ service, claim }) => !troublesAt(facts.get(service), claim));
  const running = Object.keys(services).filter((name) => services[name]?.run);
  const notReady = running.flatMap((name) => {
    const trouble = podTrouble(services[name]!, facts.get(name));
    return trouble === undefined ? [] : [`${name}: ${trouble}`];
  });
  const lines = [
    `${rows.length - unbound.length} of ${rows.length} claims Bound, ${running.length - notReady.length} ` +
      `of ${running.length} services ready`,
    ...[
      ...named.map(({ claim, phase }) => `${claim} is ${phase}`),
      ...notReady,
      ...movesOf(facts),
      ...cleanupsOf(facts),
      ...certificatesOf(facts, now),
    ].map((trouble) => `  ${trouble}`),
    ...troubles.flatMap(({ why, wayOut }) => [`  ${why}:`, `    ${wayOut}`]),
    ...leftLines([...facts.values()].flatMap(({ left = [] }) => left)),
    ...policyLines([...facts.values()].flatMap(({ policies = [] }) => policies)),
  ];
  return [...lines, ...backupsOf(services, facts, now), ...standInLines(services)].join("\n");
}

function standInLines(services: StackOutputs["services"]): string[] {
  const running = Object.values(services).filter(({ run }) => run).length;
  const standIns = Object.keys(services).filter((name) => services[name]?.standIn);
  if (standIns.length === 0) return [];
  const onRequest = madeOnRequest(catalogue).filter((name) => standIns.includes(name));
  return [
    `stand-in: ${standIns.length} of ${running} services run a small program instead of their image, ` +
      "because no image registry could be reached",
    ...(onRequest.length === 0
      ? []
      : [`  npm start -- --real makes the real ${joined(onRequest)} on this machine, which takes minutes`]),
  ];
}

const troublesAt = (facts: ServiceFacts | undefined, claim: string) =>
  facts?.troubles?.some((trouble) => trouble.claim === claim) ?? false;

/** The lines on volumes whose data nothing uses, because a new claim was made in place of theirs. */
const leftLines = (left: readonly { claim: string; volume: VolumeFacts }[]) =>
  left.flatMap(({ claim, volume }) => [
    `  ${volumeText(volume)} was left by an earlier claim ${claim}, and its data is not in use:`,
    "    docs/adopting.md says how to have it as a kept volume",
  ]);

/** The lines on volumes whose claims' end would mean something else than their classes say. */
function policyLines(others: readonly OtherPolicy[]): string[] {
  const kept = outliving(others);
  return [
    ...endangered(others).flatMap(({ title, wayOut }) => [`  ${title}:`, `    ${wayOut}`]),
    ...(kept === undefined ? [] : [`  ${kept}`]),
  ];
}

const movesOf = (facts: ReadonlyMap<string, ServiceFacts>) =>
  [...facts].flatMap(([name, { moving }]) =>
    moving === undefined ? [] : [`${name}: a move is under way (${moving})`],
  );

const cleanupsOf = (facts: ReadonlyMap<string, ServiceFacts>) =>
  [...facts].flatMap(([name, { cleanupTrouble }]) =>
    cleanupTrouble === undefined ? [] : [`${name}: ${cleanupTrouble}`],
  );
