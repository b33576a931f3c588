import type { ContainerRules } from "../../model/container-settings";
import { trustReserved } from "./node-trusts";

/** What the config may say of n8n, and what it may not (docs.n8n.io, "Environment variables"). */
export const containerRules: ContainerRules = {
  replaceable: ["N8N_DIAGNOSTICS_ENABLED"],
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
        "N8N_HOST, N8N_EDITOR_BASE_URL and WEBHOOK_URL",
    },
    {
      // resolveHealthEndpointPath of n8n-io/n8n: the path that the probes ask moves with it.
      name: /^N8N_PATH$/,
      why: "the probes ask at the root; let the proxy in front of n8n take a path away",
    },
    { name: /^N8N_CONFIG_FILES$/, why: "what is the catalogue's could be changed in that file; use env" },
    ...trustReserved,
  ],
  extraArgs: "n8n takes its settings by env, such as WEBHOOK_URL",
  reservedPaths: [
    {
      path: /^\/opt\/custom-certificates(\/|$)/,
      why:
        "n8n's start writes names into that directory, which can't be written to, and no certificate would be found " +
        "(docs/settings.md has the way to trust an authority)",
    },
  ],
};
