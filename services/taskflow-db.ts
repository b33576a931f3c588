import type { ServiceSpec } from "../model/service-spec";
import { sizeEnv } from "./shared/postgresql-sizes";
import { postgresExport } from "./shared/postgresql-export";
import {
  dataDirectory,
  dataMount,
  encrypted,
  engine,
  fileShare,
  initEnv,
  persistenceCheck,
  probes,
  scratch,
  start,
  trial,
} from "./shared/postgresql";
import { containerRules } from "./shared/postgresql-settings";
import { dataLayout, refuseDatabase, serverFacts } from "./shared/postgresql-layout";

/** Taskflow's database. Its claim comes from a template; its administrator and password come from a Secret. */
export const service: ServiceSpec = {
  name: "taskflow-db",
  component: "database",
  namespace: "taskflow",
  kind: "StatefulSet",
  image: "postgres:15.19-alpine3.24",
  engine: engine("taskflow"),
  identity: { uid: 70, gid: 70 },
  ports: [{ name: "postgres", port: 5432 }],
  claims: [{ name: "postgres-data", template: true, mounts: [{ path: dataMount }] }],
  command: start,
  encrypted,
  ...containerRules,
  env: (context) => [
    ...initEnv,
    ...sizeEnv(context),
    { name: "POSTGRES_DB", value: "taskflow_db" },
    { name: "POSTGRES_USER", secret: "db-user" },
    { name: "POSTGRES_PASSWORD_FILE", secretFile: "db-password" },
  ],
  secrets: [
    { key: "db-user", value: "taskflow" },
    { key: "db-password", boundToData: true, renewal: "verifier", trial: trial("taskflow", "template1") },
  ],
  databases: { administrator: "taskflow", secret: "db-password", trial },
  readOnlyRoot: true,
  scratch,
  probes: probes("taskflow"),
  resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  graceSeconds: 120,
  fileShare,
  refuseData: refuseDatabase("taskflow"),
  serverFacts,
  data: dataLayout,
  exportRecipe: () => postgresExport("taskflow-db", "taskflow", dataDirectory),
  localRecipe: { name: "postgres-15" },
  check: persistenceCheck("taskflow-db", "taskflow", "taskflow_db"),
};
