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

export const service: ServiceSpec = {
  name: "postgres",
  component: "database",
  namespace: "local-ai-data",
  kind: "StatefulSet",
  image: "postgres:17.11-bookworm",
  engine: engine("postgres"),
  identity: { uid: 999, gid: 999 },
  ports: [{ name: "postgres", port: 5432 }],
  claims: [{ name: "postgres-data", mounts: [{ path: dataMount }] }],
  command: start,
  encrypted,
  env: (context) => [...initEnv, ...sizeEnv(context), { name: "POSTGRES_PASSWORD_FILE", secretFile: "password" }],
  ...containerRules,
  secrets: [{ key: "password", boundToData: true, renewal: "verifier", trial: trial("postgres", "template1") }],
  readOnlyRoot: true,
  scratch,
  probes: probes("postgres"),
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
  // The shutdown writes a checkpoint. If it is cut short, the next start has to recover.
  graceSeconds: 120,
  databases: { administrator: "postgres", secret: "password", trial },
  fileShare,
  refuseData: refuseDatabase("postgres"),
  serverFacts,
  data: dataLayout,
  exportRecipe: () => postgresExport("postgres", "postgres", dataDirectory),
  localRecipe: { name: "postgres-17" },
  check: persistenceCheck("postgres", "postgres", "postgres"),
};
