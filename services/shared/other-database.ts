import type { DataUse, LiveContainer, Refusal } from "../../model/service-spec";
import { onTheSameClaim, valueOf } from "./live-containers";

/** How a service's variables say which database it uses, and what they mean where they are not set. */
export interface DatabaseSettings {
  /** The variable that names the kind of database; without it the service uses SQLite, on its own volume. */
  type: string;
  /** What that variable says for PostgreSQL. */
  postgres: string;
  host: string;
  /** Other variables that say where the data is, with their defaults. */
  places: Record<string, string>;
  user: string;
  /** How the data of another kind of database gets into the service's PostgreSQL. */
  takeAlong: (use: DataUse) => string;
}

/** Why a service would start empty, because the live one keeps its data in another database than the planned one. */
export const refuseOtherDatabase =
  (settings: DatabaseSettings) =>
  (use: DataUse): Refusal[] => {
    const want = use.planned.find(({ mounts = [] }) => mounts.length > 0);
    const has = onTheSameClaim(use.planned, use.live)[0];
    if (!want || !has) return [];
    const { type, postgres, takeAlong } = settings;
    const kind = valueOf(has, type);
    if (kind === postgres) return [...refusePlaces(settings, use, want, has), ...refuseUser(settings, use, want, has)];
    const said = kind === undefined ? "is not set" : kind === null ? "can't be told" : `is ${kind}`;
    const where = kind === undefined || kind === "sqlite" ? "in SQLite, in its files" : "in another kind of database";
    return [
      {
        why: `${type} ${said}, so its data is ${where}, and the service keeps it in PostgreSQL and would start empty`,
        wayOut: takeAlong(use),
      },
    ];
  };

/** Variables that name another place than the planned ones. */
function refusePlaces(settings: DatabaseSettings, use: DataUse, want: LiveContainer, has: LiveContainer): Refusal[] {
  const { host, places } = settings;
  const { namespace, workload, service } = use;
  const names = [host, ...Object.keys(places)];
  const differ = names.flatMap((name) => {
    const [wanted, is] = [want, has].map((container) => textOf(container, name, places[name] ?? "localhost"));
    const same = name === host ? sameHost(wanted!, is!, namespace) : wanted === is;
    return same ? [] : [`${name} is ${is}, and ${wanted === "" ? "empty" : wanted} in the stack`];
  });
  if (differ.length === 0) return [];
  return [
    {
      why: `${differ.join("; ")}: its data is not where the service looks, so it would start empty`,
      wayOut:
        `dump that database (pg_dump -Fc -h HOST -U ROLE -d DATABASE > ${service}.dump), delete the workload, whose ` +
        `claim stays (kubectl -n ${namespace} delete ${workload}), adopt and update, and restore it there: ` +
        `pg_restore --clean --if-exists --no-owner --role ${service} -d ${service} ${service}.dump`,
    },
  ];
}

/** Tables belong to the role that made them, and only that role may change them. */
function refuseUser({ user }: DatabaseSettings, use: DataUse, want: LiveContainer, has: LiveContainer): Refusal[] {
  const [wanted, is] = [want, has].map((container) => textOf(container, user, "postgres"));
  if (wanted === is) return [];
  return [
    {
      why: `${user} is ${is}, so its tables belong to that role, and the service logs in as ${wanted}`,
      wayOut:
        `give the tables to ${wanted} and let ${use.workload} log in as ${wanted}: docs/adopting.md, "A database of ` +
        'another role"',
    },
  ];
}

function textOf(container: LiveContainer, name: string, otherwise: string): string {
  const value = valueOf(container, name);
  return value === null ? "something that can't be told" : (value ?? otherwise);
}

/** A service's name in the cluster has several forms. The shortest one is of the caller's own namespace. */
function sameHost(wanted: string, is: string, from: string): boolean {
  const [name, namespace] = wanted.split(".");
  const own = namespace === from ? [name] : [];
  return [wanted, `${name}.${namespace}.svc`, `${name}.${namespace}`, ...own].includes(is.replace(/\.$/, ""));
}
