import type { Engine } from "../model/engine-version";
import type { DataUse, ServiceSpec } from "../model/service-spec";
import { nodeTrusts, trustReserved } from "./shared/node-trusts";
import { refuseOtherDatabase } from "./shared/other-database";
import { fileExport } from "./shared/stopped-export";

/** packages/components/src/utils.ts of FlowiseAI/Flowise: all credentials are read with the one key that it has. */
const unchangeable =
  "Flowise has no way to encrypt what it has with another key; with another one, all credentials that were entered " +
  "in it could no longer be read";

const home = "/home/node/.flowise";
const ping = { http: { path: "/api/v1/ping", port: 3000 } };

/**
 * Each start migrates the database to its own version, and nothing migrates it back (packages/server/src/database of
 * FlowiseAI/Flowise).
 */
const engine: Engine = {
  name: "Flowise",
  images: ["flowise"],
  parts: 2,
  up: "any",
  down: "none",
  dump: "restore the database flowise and the volume flowise-data from before the update",
};

/** Flowise has no command for it, only its interface. What it exports has no credentials in it. */
const takeAlong = ({ namespace, workload }: DataUse) =>
  "export it in its web interface (Settings, Export), set its database aside " +
  `(kubectl -n ${namespace} exec ${workload} -- mv ${home}/database.sqlite ${home}/database.sqlite.exported), delete ` +
  `the workload, whose claim stays (kubectl -n ${namespace} delete ${workload}), adopt and update, and import it ` +
  `there ` +
  "(Settings, Import); credentials are not in the export and have to be entered again";

export const service: ServiceSpec = {
  name: "flowise",
  component: "llm-flows",
  namespace: "local-ai-flowise",
  kind: "Deployment",
  image: "flowiseai/flowise:3.1.3",
  engine,
  identity: { uid: 1000, gid: 1000 },
  ports: [{ name: "http", port: 3000 }],
  claims: [{ name: "flowise-data", mounts: [{ path: home }] }],
  env: ({ host }) => [
    { name: "HOME", value: "/home/node" },
    { name: "PORT", value: "3000" },
    // Flows and credentials are in PostgreSQL, as upstream advises. Uploads, logs and keys are on its own volume.
    { name: "DATABASE_TYPE", value: "postgres" },
    { name: "DATABASE_HOST", value: host("postgres") },
    { name: "DATABASE_PORT", value: "5432" },
    { name: "DATABASE_NAME", value: "flowise" },
    { name: "DATABASE_USER", value: "flowise" },
    { name: "DATABASE_PASSWORD", secret: "database-password" },
    { name: "DATABASE_PATH", value: home },
    { name: "SECRETKEY_PATH", value: home },
    { name: "LOG_PATH", value: `${home}/logs` },
    { name: "BLOB_STORAGE_PATH", value: `${home}/storage` },
    { name: "FLOWISE_SECRETKEY_OVERWRITE", secret: "encryption-key" },
    { name: "JWT_AUTH_TOKEN_SECRET", secret: "jwt-auth-secret" },
    { name: "JWT_REFRESH_TOKEN_SECRET", secret: "jwt-refresh-secret" },
    { name: "EXPRESS_SESSION_SECRET", secret: "session-secret" },
    { name: "TOKEN_HASH_SECRET", secret: "token-hash-secret" },
    { name: "DISABLE_FLOWISE_TELEMETRY", value: "true" },
  ],
  replaceable: ["DISABLE_FLOWISE_TELEMETRY"],
  reserved: [
    { name: /^FLOWISE_SECRETKEY_OVERWRITE$|^SECRETKEY_/, why: "what is in the database was encrypted with that key" },
    { name: /^DATABASE_/, why: "its data is in the stack's PostgreSQL, and in another database it would start empty" },
    {
      name: /^(APIKEY_PATH|APIKEY_STORAGE_TYPE|LOG_PATH|BLOB_STORAGE_PATH|STORAGE_TYPE|HOME)$/,
      why: "its files are on the volume, and elsewhere those of before would be missing",
    },
    {
      name: /^(JWT_AUTH_TOKEN_SECRET|JWT_REFRESH_TOKEN_SECRET|EXPRESS_SESSION_SECRET|TOKEN_HASH_SECRET)$/,
      why: "the stack makes it; npm run rotate gives another one",
    },
    { name: /^(PORT|HOST)$/, why: "the stack's clients, probes and policies go by it" },
    ...trustReserved,
  ],
  extraArgs: "Flowise takes its settings by env, such as FLOWISE_FILE_SIZE_LIMIT",
  secrets: [
    { key: "encryption-key", boundToData: true, unchangeable },
    { key: "database-password" },
    { key: "jwt-auth-secret" },
    { key: "jwt-refresh-secret" },
    { key: "session-secret" },
    { key: "token-hash-secret" },
  ],
  // What it writes is in its directory, which is on the volume, and in /tmp.
  readOnlyRoot: true,
  scratch: ["/tmp"],
  probes: {
    startup: { action: ping, periodSeconds: 5, failureThreshold: 120 },
    readiness: { action: ping, periodSeconds: 5 },
    liveness: { action: ping, periodSeconds: 20, timeoutSeconds: 10 },
  },
  resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1536Mi" } },
  graceSeconds: 30,
  internet: true,
  database: { service: "postgres", name: "flowise", secret: "database-password" },
  // Node's own authorities and ours. DATABASE_SSL_KEY_BASE64 would turn the verification off unless another variable is
  // set, which not every version knows (packages/server/src/DataSource.ts of FlowiseAI/Flowise).
  verifies: { postgres: [{ name: "DATABASE_SSL", value: "true" }] },
  trusting: nodeTrusts,
  sharedProcesses: true,
  refuseData: refuseOtherDatabase({
    type: "DATABASE_TYPE",
    postgres: "postgres",
    host: "DATABASE_HOST",
    places: { DATABASE_PORT: "5432", DATABASE_NAME: "flowise" },
    user: "DATABASE_USER",
    takeAlong,
  }),
  data: { marks: ["database.sqlite", "encryption.key", "storage"], leftBehind: "database.sqlite" },
  exportRecipe: (mounts) => fileExport("flowise", mounts),
  localRecipe: { name: "flowise", onlyReal: true },
  check: {
    container: "flowise",
    // The HTTP interface needs an account that a person creates. An uploaded file goes to this directory.
    write: [{ exec: ["sh", "-c", `mkdir -p ${home}/storage && echo '{{value}}' > ${home}/storage/{{key}} && sync`] }],
    read: [{ exec: ["cat", `${home}/storage/{{key}}`] }],
    remove: [{ exec: ["rm", "-f", `${home}/storage/{{key}}`] }],
    list: [{ exec: ["ls", `${home}/storage`] }],
  },
};
