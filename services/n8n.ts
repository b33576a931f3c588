import type { Engine } from "../model/engine-version";
import type { DataUse, ServiceSpec } from "../model/service-spec";
import { tlsFiles } from "../model/tls";
import { containerRules, settled } from "./shared/n8n-settings";
import { nodeTrusts } from "./shared/node-trusts";
import { refuseOtherDatabase } from "./shared/other-database";
import { fileExport } from "./shared/stopped-export";

/**
 * Each start migrates the database to its own version. An older version doesn't know the later migrations
 * (packages/cli/src/commands/db/revert.ts of n8n-io/n8n: it can only undo one by one what it knows).
 */
const engine: Engine = {
  name: "n8n",
  images: ["n8n"],
  parts: 2,
  up: "any",
  down: "none",
  dump: "restore the database n8n and the volume n8n-data from before the update",
};

/** docs.n8n.io, "Rotate encryption keys": N8N_ENCRYPTION_KEY is the instance's key, and it never changes. */
const unchangeable =
  "n8n has no way to encrypt what it has with another instance key; the owner of the instance can give anew, in n8n, " +
  "the data key that encrypts its credentials";

const home = "/home/node/.n8n";

/** n8n's own commands read a database of any kind. The encryption key stays the same, so credentials stay readable. */
const takeAlong = ({ namespace, workload }: DataUse) => {
  const run = (script: string) => `kubectl -n ${namespace} exec ${workload} -- sh -c '${script}'`;
  const exported = ["workflow", "credentials"].map(
    (what) => `n8n export:${what} --backup --output=${home}/export/${what}`,
  );
  const imported = ["workflow", "credentials"].map(
    (what) => `n8n import:${what} --separate --input=${home}/export/${what}`,
  );
  return (
    `export it (${run(`${exported.join(" && ")} && mv ${home}/database.sqlite ${home}/database.sqlite.exported`)}), ` +
    `delete the workload, whose claim stays (kubectl -n ${namespace} delete ${workload}), adopt and update, and ` +
    `import ` +
    `it (${run(imported.join(" && "))})`
  );
};

export const service: ServiceSpec = {
  name: "n8n",
  component: "automation",
  namespace: "local-ai-n8n",
  kind: "Deployment",
  image: "n8nio/n8n:2.41.3",
  engine,
  identity: { uid: 1000, gid: 1000 },
  ports: [{ name: "http", port: 5678 }],
  // Since version 2, workflows may read and write files in the second directory and nowhere else. The first one is
  // closed to them, so a directory in it would not do.
  claims: [{ name: "n8n-data", mounts: [{ path: home }, { path: "/home/node/.n8n-files", subPath: "n8n-files" }] }],
  env: ({ host }) => [
    { name: "HOME", value: "/home/node" },
    { name: "N8N_PORT", value: "5678" },
    // n8n writes the key to .n8n/config too, and refuses to start with another one.
    { name: "N8N_ENCRYPTION_KEY_FILE", secretFile: "encryption-key" },
    { name: "N8N_DIAGNOSTICS_ENABLED", value: "false" },
    ...settled,
    { name: "DB_TYPE", value: "postgresdb" },
    { name: "DB_POSTGRESDB_HOST", value: host("postgres") },
    { name: "DB_POSTGRESDB_DATABASE", value: "n8n" },
    { name: "DB_POSTGRESDB_USER", value: "n8n" },
    { name: "DB_POSTGRESDB_PASSWORD_FILE", secretFile: "database-password" },
  ],
  ...containerRules,
  secrets: [{ key: "encryption-key", boundToData: true, unchangeable }, { key: "database-password" }],
  readOnlyRoot: true,
  // n8n unpacks its web interface in the second one at each start.
  scratch: ["/tmp", "/home/node/.cache"],
  probes: {
    // The first start and every update migrate the database.
    startup: { action: { http: { path: "/healthz", port: 5678 } }, periodSeconds: 5, failureThreshold: 120 },
    readiness: { action: { http: { path: "/healthz/readiness", port: 5678 } }, periodSeconds: 5 },
    liveness: { action: { http: { path: "/healthz", port: 5678 } }, periodSeconds: 20 },
  },
  resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1536Mi" } },
  graceSeconds: 60,
  internet: true,
  database: { service: "postgres", name: "n8n", secret: "database-password" },
  // docs.n8n.io/deploy/host-n8n: with an authority, node-postgres verifies the certificate and its name.
  verifies: {
    postgres: [
      { name: "DB_POSTGRESDB_SSL_ENABLED", value: "true" },
      { name: "DB_POSTGRESDB_SSL_CA_FILE", value: tlsFiles.authority },
      { name: "DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED", value: "true" },
    ],
  },
  trusting: nodeTrusts,
  refuseData: refuseOtherDatabase({
    type: "DB_TYPE",
    postgres: "postgresdb",
    host: "DB_POSTGRESDB_HOST",
    places: {
      DB_POSTGRESDB_PORT: "5432",
      DB_POSTGRESDB_DATABASE: "n8n",
      DB_POSTGRESDB_SCHEMA: "public",
      DB_TABLE_PREFIX: "",
    },
    user: "DB_POSTGRESDB_USER",
    takeAlong,
  }),
  data: { marks: ["database.sqlite", "config", "nodes", "binaryData"], leftBehind: "database.sqlite" },
  // The first mount is the whole volume, which has the second one's directory.
  exportRecipe: (mounts) => fileExport("n8n", mounts.slice(0, 1)),
  localRecipe: { name: "n8n", onlyReal: true },
  standIn: { process: "node" },
  check: {
    container: "n8n",
    // A workflow is in PostgreSQL, where its own check proves it, and n8n has no command that deletes one. This
    // directory has the encryption key and the files of the executions.
    write: [{ exec: ["sh", "-c", `echo '{{value}}' > ${home}/{{key}} && sync`] }],
    read: [{ exec: ["cat", `${home}/{{key}}`] }],
    remove: [{ exec: ["rm", "-f", `${home}/{{key}}`] }],
    list: [{ exec: ["ls", home] }],
  },
};
