import type { ServiceSpec } from "../model/service-spec";
import { tlsFiles } from "../model/tls";
import { fileExport } from "./shared/stopped-export";

/**
 * The application's image is the user's own (`image` in the stack config). Until it is set, a WebDAV server over the
 * same two volumes takes its place. It runs as any uid, and it shows that files and log outlive the pod.
 */
export const service: ServiceSpec = {
  name: "taskflow",
  component: "application",
  namespace: "taskflow",
  kind: "Deployment",
  image: "rclone/rclone:1.71.0",
  ownProgram: true,
  identity: { uid: 1000, gid: 1000 },
  ports: [{ name: "http", port: 8080 }],
  claims: [
    { key: "storage", name: "app-storage", mounts: [{ path: "/data" }] },
    { key: "logs", name: "logs-storage", mounts: [{ path: "/app/logs" }] },
    { key: "files", name: "file-storage", mounts: [{ path: "/files" }], optional: true, cleanup: true },
  ],
  args: ["serve", "webdav", "/data", "--addr", ":8080", "--log-file", "/app/logs/access.log", "--log-level", "INFO"],
  env: ({ host }) => [
    { name: "XDG_CONFIG_HOME", value: "/tmp" },
    { name: "XDG_CACHE_HOME", value: "/tmp" },
    { name: "DATABASE_HOST", value: host("taskflow-db") },
    { name: "DATABASE_NAME", value: "taskflow_db" },
    // Not the server's administrator: an injected statement would have a shell there (COPY … FROM PROGRAM).
    { name: "DATABASE_USER", value: "taskflow_app" },
    { name: "DATABASE_PASSWORD", secret: "database-password" },
  ],
  secrets: [{ key: "database-password" }],
  readOnlyRoot: true,
  scratch: ["/tmp"],
  probes: {
    readiness: { action: { tcp: 8080 }, periodSeconds: 5 },
    liveness: { action: { tcp: 8080 }, periodSeconds: 20 },
  },
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  graceSeconds: 30,
  database: {
    service: "taskflow-db",
    name: "taskflow_db",
    role: "taskflow_app",
    secret: "database-password",
    wasAdministrators: true,
  },
  // For the user's own program: libpq and what is built on it go by PGSSLMODE and PGSSLROOTCERT without being told.
  verifies: {
    "taskflow-db": [
      { name: "DATABASE_SSLMODE", value: "verify-full" },
      { name: "DATABASE_SSLROOTCERT", value: tlsFiles.authority },
      { name: "PGSSLMODE", value: "verify-full" },
      { name: "PGSSLROOTCERT", value: tlsFiles.authority },
    ],
  },
  sharedProcesses: true,
  exportRecipe: (mounts) => fileExport("taskflow", mounts),
  localRecipe: { name: "rclone" },
  check: {
    container: "taskflow",
    write: [{ http: { method: "PUT", port: 8080, path: "/{{key}}", body: "{{value}}" } }],
    read: [{ http: { method: "GET", port: 8080, path: "/{{key}}" } }],
    remove: [{ http: { method: "DELETE", port: 8080, path: "/{{key}}" } }],
    list: [{ http: { method: "GET", port: 8080, path: "/" } }],
  },
};
