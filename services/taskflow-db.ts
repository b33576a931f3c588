import type { ServiceSpec } from "../model/service-spec";
import { postgresExport } from "./export-recipes";
import { dataDirectory, dataMount, fileShare, initEnv, persistenceCheck, probes, scratch, start } from "./postgresql";

/** Taskflow's database: the claim comes from a template, user and password from a Secret. */
export const taskflowDb: ServiceSpec = {
  name: "taskflow-db",
  component: "database",
  namespace: "taskflow",
  kind: "StatefulSet",
  image: "postgres:15.19-alpine3.24",
  identity: { uid: 70, gid: 70 },
  ports: [{ name: "postgres", port: 5432 }],
  claims: [{ name: "postgres-data", template: true, mounts: [{ path: dataMount }] }],
  command: start,
  env: () => [
    ...initEnv,
    { name: "POSTGRES_DB", value: "taskflow_db" },
    { name: "POSTGRES_USER", secret: "db-user" },
    { name: "POSTGRES_PASSWORD_FILE", secretFile: "db-password" },
  ],
  secrets: [{ key: "db-user", value: "taskflow" }, { key: "db-password" }],
  readOnlyRoot: true,
  scratch,
  probes: probes("taskflow"),
  resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  graceSeconds: 120,
  fileShare,
  exportRecipe: () => postgresExport("taskflow-db", "taskflow", dataDirectory),
  check: persistenceCheck("taskflow-db", "taskflow", "taskflow_db"),
};
