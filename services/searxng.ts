import type { ServiceSpec } from "../model/service-spec";
import { fileExport } from "./shared/stopped-export";

const healthy = { http: { path: "/healthz", port: 8080 } };

export const service: ServiceSpec = {
  name: "searxng",
  component: "search",
  namespace: "local-ai-search",
  kind: "Deployment",
  image: "searxng/searxng:2026.5.31-7159b8aed",
  identity: { uid: 977, gid: 977 },
  ports: [{ name: "http", port: 8080 }],
  claims: [
    {
      name: "searxng-data",
      mounts: [
        { path: "/etc/searxng", subPath: "config" },
        { path: "/var/cache/searxng", subPath: "cache" },
      ],
    },
  ],
  env: () => [{ name: "SEARXNG_SECRET", secret: "secret" }],
  reserved: [
    { name: /^SEARXNG_SECRET$/, why: "the stack makes the key; npm run rotate gives another one" },
    {
      name: /^(SEARXNG_(SETTINGS_PATH|DISABLE_ETC_SETTINGS)|(__SEARXNG_)?(CONFIG|DATA)_PATH)$/,
      why: "its settings and its cache are on the volume, and elsewhere they would go with the pod",
    },
    {
      name: /^(SEARXNG_(PORT|BIND_ADDRESS)|GRANIAN_(HOST|PORT|UDS|SSL_.*|URL_PATH_PREFIX))$/,
      why: "the stack's clients, probes and policies go by it",
    },
  ],
  extraArgs: "SearXNG takes its settings by env, such as SEARXNG_BASE_URL, and from /etc/searxng/settings.yml",
  secrets: [{ key: "secret", length: 64 }],
  // The entrypoint makes settings.yml in its directory, which is on the volume, and nothing elsewhere.
  readOnlyRoot: true,
  scratch: ["/tmp"],
  probes: {
    startup: { action: healthy, periodSeconds: 2, failureThreshold: 90 },
    readiness: { action: healthy, periodSeconds: 5 },
    liveness: { action: healthy, periodSeconds: 20 },
  },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  graceSeconds: 30,
  // SearXNG asks other search engines on the internet.
  internet: true,
  data: { marks: ["settings.yml"] },
  exportRecipe: (mounts) => fileExport("searxng", mounts),
  localRecipe: { name: "searxng" },
  check: {
    container: "searxng",
    // SearXNG has no interface that stores anything. It keeps the files beside settings.yml.
    write: [
      {
        exec: ["sh", "-c", "test -s /etc/searxng/settings.yml && echo '{{value}}' > /etc/searxng/{{key}} && sync"],
      },
    ],
    read: [{ exec: ["cat", "/etc/searxng/{{key}}"] }],
    remove: [{ exec: ["rm", "-f", "/etc/searxng/{{key}}"] }],
    list: [{ exec: ["ls", "/etc/searxng"] }],
  },
};
