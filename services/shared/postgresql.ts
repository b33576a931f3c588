import type { ServiceSpec } from "../../model/service-spec";
import type { EnvVar, PersistenceCheck, Probes } from "../../model/container";

/** What the two PostgreSQL services share; they differ in version, uid and how their claim is made. */

export const dataMount = "/var/lib/postgresql/data";

/** Below the mount. */
export const dataDirectory = "pgdata";

/** Writable beside the data: the socket's directory and temporary files. */
export const scratch = ["/var/run/postgresql", "/tmp"];

/** Settings of the first start; later starts find the data directory and ignore them. */
export const initEnv: EnvVar[] = [
  // Not the volume's own root: a file system may keep lost+found there, and initdb wants an empty directory.
  { name: "PGDATA", value: `${dataMount}/${dataDirectory}` },
  { name: "POSTGRES_INITDB_ARGS", value: "--data-checksums --auth-host=scram-sha-256" },
];

export const fileShare: ServiceSpec["fileShare"] = {
  verdict: "unwise",
  because:
    "PostgreSQL trusts that what it flushed is on the disk, which a share promises only with the right server " +
    "and mount options, and each flush waits for the network",
};

/**
 * A volume that another installation made may have the database at its root: begun anew beside it, it would seem lost.
 */
export const start = [
  "sh",
  "-c",
  `if [ -s ${dataMount}/PG_VERSION ]; then export PGDATA=${dataMount}; fi; exec docker-entrypoint.sh postgres`,
];

/** Over TCP, because the server of the first start, which is not for clients, listens on the socket only. */
export function probes(user: string): Probes {
  const action = { exec: ["pg_isready", "-h", "127.0.0.1", "-p", "5432", "-U", user] };
  return {
    // A crash recovery may take long, and killing it makes it start again.
    startup: { action, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 900 },
    readiness: { action, periodSeconds: 5, timeoutSeconds: 5 },
    liveness: { action, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

/** By the socket inside the container, where the image trusts its own user. */
export function persistenceCheck(container: string, user: string, database: string): PersistenceCheck {
  const psql = (sql: string) => ({ exec: ["psql", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", database, "-Atc", sql] });
  return {
    container,
    write: [
      psql("create table if not exists persistence_check (key text primary key, value text not null)"),
      psql(
        "insert into persistence_check values ('{{key}}', '{{value}}') on conflict (key) do update set value " +
          "= excluded.value",
      ),
    ],
    read: [psql("select value from persistence_check where key = '{{key}}'")],
  };
}
