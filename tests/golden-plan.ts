import { join } from "node:path";
import type { ClaimPlan } from "../model/storage";
import type { ServicePlan, StoragePlan } from "../model/plan";
import { root } from "./stack";

export const goldenFile = (stack: string) => join(root, "tests", "golden", `${stack}.json`);

const claim = ({ name, size, accessMode, className, protect }: ClaimPlan) =>
  `${name} ${size} ${accessMode} ` +
  `${className === undefined ? "(default class)" : className || "(static)"}${protect ? " protected" : ""}`;

const reach = ({ network }: ServicePlan) => [
  ...network.to.map(({ peer }) => peer.service ?? peer.namespace),
  ...(network.internet ? ["internet"] : []),
];

/** What a reviewer wants to see of a service. */
function summary(service: ServicePlan): Record<string, unknown> {
  const { kind, namespace, container, claims, run, cleanup, graceSeconds } = service;
  const { requests, limits } = container.resources;
  return {
    claims: claims.map(claim),
    ...(cleanup && { cleanup: `${cleanup.claim} after ${cleanup.olderThanDays} days at ${cleanup.schedule}` }),
    grace: graceSeconds,
    image: container.image,
    kind,
    limits,
    namespace,
    reaches: reach(service),
    requests,
    run,
  };
}

/** Keys in alphabetical order, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** One line an entry, so that a new service is one new line. */
function lines(entries: [string, unknown][]): string {
  const sortedEntries = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sortedEntries.map(([name, entry]) => `    ${JSON.stringify(name)}: ${JSON.stringify(sorted(entry))}`);
  return `{\n${text.join(",\n")}\n  }`;
}

/** The golden text of a plan: small, key-sorted JSON. */
export function goldenText({ backends, cluster, namespaces, services }: StoragePlan): string {
  const classes = backends
    .flatMap((backend) => backend.classes)
    .map(({ name, provisioner, reclaimPolicy, isDefault }): [string, unknown] => [
      name,
      { isDefault, provisioner, reclaimPolicy },
    ]);
  const sections = {
    backends: lines(backends.map(({ name, type, install }) => [name, { type, ...install?.shown }])),
    classes: lines(classes),
    cluster: lines(Object.entries(cluster)),
    namespaces: lines(namespaces.map(({ name, protect }) => [name, { protect }])),
    services: lines(services.map((service) => [service.name, summary(service)])),
  };
  return `{\n${Object.entries(sections)
    .map(([name, text]) => `  "${name}": ${text}`)
    .join(",\n")}\n}\n`;
}

/** What the pods say to Velero, by service and annotation: a stack's plan with the switch on. */
export const veleroText = ({ services }: StoragePlan): string =>
  `${JSON.stringify(sorted(Object.fromEntries(services.map(({ name, velero }) => [name, velero]))), undefined, 2)}\n`;

/** The stack file with Velero's file-system backup switched on. */
export const withVelero = (yaml: string) => `${yaml}  cluster-storage:velero: { fileSystemBackup: true }\n`;
