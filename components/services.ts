import * as pulumi from "@pulumi/pulumi";
import type { MoveRights } from "../model/move-rights";
import type { BackupsPlan } from "../model/backups";
import type { MoverPlan, NamespacePlan, Owner, ServicePlan } from "../model/plan";
import { Access } from "./access";
import { Backups } from "./backups";
import type { TlsPlan } from "../model/tls";
import type { ArrivalGuard } from "./arrival";
import { createChecksumKey } from "./credentials";
import { Namespace } from "./namespace";
import { StatefulService, type ImageGate, type ReadyHook } from "./stateful-service";
import type { Storage } from "./storage";
import { Tls, type TlsArgs } from "./tls";

export interface ServicesArgs {
  owner: Owner;
  namespaces: NamespacePlan[];
  /** Ordered so that each service comes after those that it needs. */
  services: ServicePlan[];
  mover: MoverPlan;
  backups?: BackupsPlan;
  /** Ports of the API server beside the usual ones. */
  apiPorts?: number[];
  /** What turns claims into volumes. */
  storage: Pick<Storage, "beforeClaims">;
  guard: ArrivalGuard;
  rights: MoveRights;
  image?: ImageGate;
  ready?: ReadyHook;
  tls?: TlsPlan;
  /** By which certificates are renewed; default: the present. */
  now?: Date;
  /** No service is made yet, only what the backups need. */
  backupsOnly?: boolean;
}

/** Makes the stack's services and their namespaces. They have no parent, so each keeps its identity in the state. */
export function createServices(
  {
    owner,
    namespaces,
    services,
    mover,
    backups,
    apiPorts,
    storage,
    guard,
    rights,
    image,
    ready,
    tls,
    now,
    backupsOnly = false,
  }: ServicesArgs,
  opts: pulumi.ComponentResourceOptions,
): void {
  const created = new Map(namespaces.map((plan) => [plan.name, new Namespace(plan.name, { owner, ...plan }, opts)]));
  for (const { name, access } of namespaces)
    if (access)
      new Access(
        `${name}-access`,
        { owner, namespace: name, roles: access },
        { ...opts, dependsOn: created.get(name) },
      );
  const backedUp =
    backups &&
    new Backups(
      "backups",
      { owner, backups, services, mover, apiPorts, claimsAfter: storage.beforeClaims },
      { ...opts, dependsOn: [...created.values()] },
    );
  if (backupsOnly) return;
  const checksumKey = createChecksumKey(opts);
  const certificates = tls && createTls({ owner, tls, now: now ?? new Date() }, created, opts);
  const running = new Map<string, StatefulService>();
  for (const service of services) {
    const after = namespacesOf(service).flatMap((name) => created.get(name) ?? []);
    const needs = service.needs.flatMap((name) => running.get(name) ?? []);
    running.set(
      service.name,
      new StatefulService(
        service.name,
        {
          owner,
          service,
          mover,
          backups,
          restoresAfter: backedUp ? [backedUp] : [],
          apiPorts,
          guard,
          rights,
          image,
          ready,
          // Also the jobs that make databases verify the servers.
          after: [...after, ...(certificates ? [certificates] : [])],
          needs,
          claimsAfter: [...after, ...storage.beforeClaims],
          checksumKey,
          tls: certificates,
          foreign: foreignSecrets(service, running),
        },
        opts,
      ),
    );
  }
}

function createTls(
  args: Omit<TlsArgs, "namespaces">,
  created: ReadonlyMap<string, Namespace>,
  opts: pulumi.ComponentResourceOptions,
): Tls {
  const namespaces = new Map([...created].map(([name, { namespace }]) => [name, namespace]));
  return new Tls("tls", { ...args, namespaces }, opts);
}

/** What a service's variables take from other services' Secrets, by `service/key`. */
function foreignSecrets({ container }: ServicePlan, running: ReadonlyMap<string, StatefulService>) {
  const entries = container.env.flatMap((entry) => {
    if (!("secret" in entry) || entry.of === undefined) return [];
    const value = running.get(entry.of)?.credentials?.values[entry.secret];
    return value ? [[`${entry.of}/${entry.secret}`, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The namespaces that a service has objects in: its own and its database's. */
function namespacesOf({ namespace, database }: ServicePlan): string[] {
  return [namespace, ...(database ? [database.namespace] : [])];
}
