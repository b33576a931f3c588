import type { types } from "@pulumi/kubernetes";
import type { DatabasePlan } from "../model/plan";
import { takeOver } from "./database-take-over";
import { containerSecurity, resources } from "./pod-defaults";
import { verifyingClient } from "./tls-volumes";

const databaseMissing = "where not exists (select from pg_database where datname = :'name')";

const otherOwner =
  "The role of a service can't use the tables of another role; docs/adopting.md has the command that gives them to it.";

/**
 * A server whose administrator's password is just given anew refuses the new one until it starts again. One that
 * refuses it for a minute has another one.
 */
const waitForLogin = `tries=0
until psql -X -q -c "select 1" >/dev/null; do
  if pg_isready -q; then tries=$((tries + 1)); fi
  if [ "$tries" -gt 60 ]; then exit 1; fi
  echo "waiting for PostgreSQL on $PGHOST"; sleep 1
done`;

/**
 * Keeps this session's statements, of which one has a password, out of the server's log, also where the server logs all
 * statements, slow ones or failed ones. Names with a dot are extensions' settings: they do nothing without it.
 */
const unlogged = `set log_statement = 'none';
set log_duration = off;
set log_min_duration_statement = -1;
set log_min_duration_sample = -1;
set log_min_error_statement = 'panic';
set pgaudit.log = 'none';
set pg_stat_statements.track_utility = off;
set pg_stat_statements.track = 'none';`;

/**
 * Makes the role and the database where they are missing, and sets the password. A second run changes nothing. Where
 * the database is there and is another role's, it fails and says so: the service could log in and do nothing. The role
 * can log in only when the rest is done.
 */
const createDatabase = (database: DatabasePlan) => `${waitForLogin}
exec psql -X -q -v ON_ERROR_STOP=1 -v name="$DATABASE" -v role="$ROLE" -v hint="${otherOwner}" <<'EOF'
select format('create role %I', :'role') where not exists (select from pg_roles where rolname = :'role') \\gexec
${database.takeOver ? `${takeOver}\n` : ""}\
select format('do %L', format('begin raise exception using message = %L, hint = %L; end',
  format('the database %I belongs to the role %I, not to %I', datname, pg_get_userbyid(datdba), :'role'), :'hint'))
from pg_database where datname = :'name' and not pg_has_role(:'role', datdba, 'usage') \\gexec
select format('create database %I owner %I', :'name', :'role') ${databaseMissing} \\gexec
select format('revoke all on database %I from public', :'name') \\gexec
${unlogged}
\\getenv password ROLE_PASSWORD
\\set VERBOSITY terse
select format('alter role %I login password %L', :'role', :'password') \\gexec
EOF`;

const wait =
  `until psql -X -q -c "select 1" >/dev/null; do echo "waiting for database $PGDATABASE on ` +
  `$PGHOST"; sleep ` +
  "1; done";

const small = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } };

function psqlContainer(
  database: DatabasePlan,
  name: string,
  script: string,
  env: types.input.core.v1.EnvVar[],
): types.input.core.v1.Container {
  const { uid, gid } = database.identity;
  const verifying = verifyingClient(database);
  return {
    name,
    image: database.image,
    imagePullPolicy: database.pod?.imagePullPolicy ?? "IfNotPresent",
    command: ["sh", "-c", script],
    env: [
      { name: "PGHOST", value: database.host },
      { name: "PGPORT", value: String(database.port) },
      { name: "PGCONNECT_TIMEOUT", value: "5" },
      ...verifying.env,
      ...env,
    ],
    ...(verifying.volumeMounts && { volumeMounts: verifying.volumeMounts }),
    resources: resources(small),
    securityContext: { ...containerSecurity(true), runAsUser: uid, runAsGroup: gid },
  };
}

/** A variable that has a key of a Secret. */
export const secretVariable = (name: string, secret: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});

/** An init container that waits until the service can log in to its database. It runs at every start. */
export function waitForDatabase(service: string, database: DatabasePlan): types.input.core.v1.Container {
  return psqlContainer(database, "wait-for-database", wait, [
    { name: "PGDATABASE", value: database.name },
    { name: "PGUSER", value: database.role },
    secretVariable("PGPASSWORD", service, database.secretKey),
  ]);
}

/** Makes the database as the server's administrator, in the server's namespace, so the password stays there. */
export function createDatabaseContainer(secret: string, database: DatabasePlan): types.input.core.v1.Container {
  const { administrator } = database;
  return psqlContainer(database, "create-database", createDatabase(database), [
    // initdb makes it, and a database can't be made out of the one that the session is in.
    { name: "PGDATABASE", value: "postgres" },
    { name: "PGUSER", value: administrator.name },
    secretVariable("PGPASSWORD", database.service, administrator.secretKey),
    { name: "DATABASE", value: database.name },
    { name: "ROLE", value: database.role },
    secretVariable("ROLE_PASSWORD", secret, "password"),
  ]);
}
