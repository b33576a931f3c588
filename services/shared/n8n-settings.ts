import type { EnvVar } from "../../model/container";
import type { ContainerRules } from "../../model/container-settings";
import { trustReserved } from "./node-trusts";

/**
 * What n8n warns of at each start unless it is said, because its defaults will change. The new ones, which are safer:
 * a package of nodes has to be verified by n8n (this is asked when one is installed, not when it is loaded), and what
 * a workflow unpacks fits in the pod's memory. A task may take as long as now
 * (packages/cli/src/deprecation/deprecation.service.ts of n8n-io/n8n).
 */
export const settled: EnvVar[] = [
  { name: "N8N_UNVERIFIED_PACKAGES_ENABLED", value: "false" },
  { name: "N8N_RUNNERS_TASK_TIMEOUT", value: "300" },
  { name: "N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES", value: String(256 * 1024 * 1024) },
  { name: "N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES", value: "1000" },
];

/** What the config may say of n8n, and what it may not (docs.n8n.io, "Environment variables"). */
export const containerRules: ContainerRules = {
  replaceable: ["N8N_DIAGNOSTICS_ENABLED", ...settled.map(({ name }) => name)],
  reserved: [
    { name: /^N8N_ENCRYPTION_KEY$/, why: "the credentials in the database were encrypted with the stack's key" },
    {
      name: /^(HOME|N8N_USER_FOLDER|N8N_STORAGE_PATH|N8N_BINARY_DATA_STORAGE_PATH)$/,
      why: "its files are on the volume, and elsewhere they would go with the pod",
    },
    {
      name: /^DB_(TYPE|TABLE_PREFIX|SQLITE_.*|(MYSQLDB|MARIADB)_.*)$/,
      why: "its data is in the stack's PostgreSQL, and in another database it would start empty",
    },
    {
      name: /^DB_POSTGRESDB_(HOST|PORT|DATABASE|USER|PASSWORD|SCHEMA|SSL.*)$/,
      why: "its data is in the stack's PostgreSQL, and in another database it would start empty",
    },
    {
      name: /^N8N_(PORT|LISTEN_ADDRESS|SSL_KEY|SSL_CERT|ENDPOINT_HEALTH)$/,
      why:
        "the stack's clients, probes and policies go by it; the address that people use is in N8N_PROTOCOL, " +
        "N8N_HOST, N8N_EDITOR_BASE_URL and N8N_WEBHOOK_URL",
    },
    {
      // resolveHealthEndpointPath of n8n-io/n8n: the path that the probes ask moves with it.
      name: /^N8N_PATH$/,
      why: "the probes ask at the root; let the proxy in front of n8n take a path away",
    },
    { name: /^N8N_CONFIG_FILES$/, why: "what is the catalogue's could be changed in that file; use env" },
    ...trustReserved,
  ],
  extraArgs: "n8n takes its settings by env, such as N8N_WEBHOOK_URL",
  reservedPaths: [
    {
      path: /^\/opt\/custom-certificates(\/|$)/,
      why:
        "n8n's start writes names into that directory, which can't be written to, and no certificate would be found " +
        "(docs/settings.md has the way to trust an authority)",
    },
  ],
};
