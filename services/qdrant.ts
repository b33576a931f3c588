import type { PersistenceCheck, Probes } from "../model/container";
import type { Engine } from "../model/engine-version";
import type { ServiceSpec } from "../model/service-spec";
import { tlsFiles } from "../model/tls";
import { frozenExport } from "./shared/stopped-export";
import { waitingStart } from "./shared/waiting-start";

const apiKey = { name: "api-key", secret: "qdrant", key: "api-key" };
const json = { "content-type": "application/json" };
const collection = "/collections/persistence-check-{{key}}";

/** `serverName`: the name that it is verified by where its connections are encrypted. */
function check(serverName?: string): PersistenceCheck {
  const call = (method: string, path: string, body?: string) => ({
    http: {
      method,
      port: 6333,
      path,
      body,
      ...(serverName !== undefined && { serverName }),
      headers: json,
      secretHeader: apiKey,
    },
  });
  return {
    container: "qdrant",
    write: [
      call("PUT", collection, '{"vectors":{"size":2,"distance":"Dot"}}'),
      call(
        "PUT",
        `${collection}/points?wait=true`,
        '{"points":[{"id":1,"vector":[0.5,0.5],"payload":{"value":"{{value}}"}}]}',
      ),
    ],
    read: [call("GET", `${collection}/points/1`)],
    remove: [call("DELETE", collection)],
    list: [call("GET", "/collections")],
  };
}

const probes = (scheme?: "HTTPS"): Probes => {
  const ready = { http: { path: "/readyz", port: 6333, ...(scheme && { scheme }) } };
  return {
    startup: { action: ready, periodSeconds: 2, failureThreshold: 300 },
    readiness: { action: ready, periodSeconds: 5 },
    // The kubelet must not kill a server that is held while its data leaves the pod. The kernel accepts
    // connections for a held server, so a TCP probe succeeds.
    liveness: { action: { tcp: 6333 }, periodSeconds: 20 },
  };
};

/**
 * Encrypts HTTP and gRPC (qdrant.tech/documentation/guides/security, "TLS"); it verifies no clients, so it needs no
 * authority. It reads its certificate again each hour. The kubelet's probes don't verify it.
 */
const encrypted: ServiceSpec["encrypted"] = ({ env }) => ({
  env: (context) => [
    ...(env?.(context) ?? []),
    { name: "QDRANT__SERVICE__ENABLE_TLS", value: "true" },
    { name: "QDRANT__TLS__CERT", value: tlsFiles.certificate },
    { name: "QDRANT__TLS__KEY", value: tlsFiles.key },
  ],
  probes: probes("HTTPS"),
  check: check("qdrant"),
});

/**
 * Qdrant's migrations of its storage lead from one minor version to the next, and back from none
 * (qdrant.tech/documentation/upgrades).
 */
const engine: Engine = {
  name: "Qdrant",
  images: ["qdrant"],
  parts: 2,
  up: "next",
  down: "none",
  dump: "restore snapshots that the older version made into a new, empty volume",
};

export const service: ServiceSpec = {
  name: "qdrant",
  component: "vector-database",
  namespace: "local-ai-data",
  kind: "StatefulSet",
  image: "qdrant/qdrant:v1.19.0-unprivileged",
  engine,
  // Its jemalloc is built for pages of 4 KiB, also on arm64: github.com/qdrant/qdrant/issues/4298.
  largestPage: 4096,
  identity: { uid: 1000, gid: 1000 },
  ports: [
    { name: "http", port: 6333 },
    { name: "grpc", port: 6334 },
  ],
  // The volume is not mounted at /qdrant, because it would hide the image's entrypoint there.
  claims: [
    {
      name: "qdrant-data",
      mounts: [
        { path: "/qdrant/storage", subPath: "storage" },
        { path: "/qdrant/snapshots", subPath: "snapshots" },
      ],
    },
  ],
  // tools/entrypoint.sh of qdrant/qdrant ends at once when the pod is told to end.
  command: waitingStart("./entrypoint.sh", "qdrant"),
  env: () => [
    { name: "QDRANT__SERVICE__API_KEY", secret: "api-key" },
    // Without this, Qdrant writes the marker beside its program, on the read-only root.
    { name: "QDRANT_INIT_FILE_PATH", value: "/tmp/.qdrant-initialized" },
    { name: "QDRANT__TELEMETRY_DISABLED", value: "true" },
  ],
  replaceable: ["QDRANT__TELEMETRY_DISABLED"],
  reserved: [
    {
      name: /^QDRANT__STORAGE__(STORAGE_PATH|SNAPSHOTS_PATH)$/,
      why: "the volume has the data there, and elsewhere it would go with the pod",
    },
    {
      name: /^QDRANT__SERVICE__(HOST|HTTP_PORT|GRPC_PORT)$/,
      why: "the stack's clients, probes and policies go by it",
    },
    { name: /^QDRANT__SERVICE__API_KEY$/, why: "the stack makes the key; npm run rotate gives another one" },
    {
      name: /^QDRANT__(SERVICE__ENABLE_TLS|SERVICE__VERIFY_HTTPS_CLIENT_CERTIFICATE|TLS__.*)$/,
      why: "connections are encrypted by tls: true",
    },
    { name: /^QDRANT__CLUSTER__/, why: "the stack runs one server, whose storage is not that of a cluster" },
  ],
  extraArgs: "Qdrant takes its settings by env, such as QDRANT__LOG_LEVEL",
  secrets: [
    {
      key: "api-key",
      trial: {
        step: { http: { method: "GET", port: 6333, path: "/collections", header: "api-key" } },
        refused: "^40[13]$",
      },
    },
  ],
  readOnlyRoot: true,
  scratch: ["/tmp"],
  probes: probes(),
  resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "2Gi" } },
  graceSeconds: 60,
  fileShare: {
    verdict: "refused",
    because: "Qdrant needs a block device with a POSIX file system, and its storage breaks on shares such as NFS",
  },
  data: { marks: ["raft_state.json", "collections"] },
  exportRecipe: (mounts) => frozenExport("qdrant", "qdrant", mounts),
  standIn: { process: "qdrant", start: "/qdrant/entrypoint.sh" },
  check: check(),
  encrypted,
};
