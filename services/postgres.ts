import type { ServiceSpec } from "../model/service-spec";
import { postgresExport } from "./export-recipes";
import { dataDirectory, dataMount, fileShare, initEnv, persistenceCheck, probes, scratch, start } from "./postgresql";

export const postgres: ServiceSpec = {
  name: "postgres",
  component: "database",
  namespace: "local-ai-data",
  kind: "StatefulSet",
  image: "postgres:17.11-bookworm",
  identity: { uid: 999, gid: 999 },
  ports: [{ name: "postgres", port: 5432 }],
  claims: [{ name: "postgres-data", mounts: [{ path: dataMount }] }],
  command: start,
  env: () => [...initEnv, { name: "POSTGRES_PASSWORD_FILE", secretFile: "password" }],
  secrets: [{ key: "password" }],
  readOnlyRoot: true,
  scratch,
  probes: probes("postgres"),
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
  // The shutdown writes a checkpoint; cut short, the next start has to recover.
  graceSeconds: 120,
  fileShare,
  exportRecipe: () => postgresExport("postgres", "postgres", dataDirectory),
  check: persistenceCheck("postgres", "postgres", "postgres"),
};
