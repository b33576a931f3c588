import type { KubernetesObject } from "@kubernetes/client-node";
import { provisionerManifests, type SeedImages } from "./adopt-manifests";

/** What others set up: their claims, what is on them, and workloads that are scaled down or run. */
type Manifest = KubernetesObject & { [field: string]: unknown };

export const namespaces = ["local-ai-system", "local-ai-data", "local-ai-n8n", "local-ai-flowise", "local-ai-search"];

const sizes: Record<string, string> = { postgres: "2Gi", qdrant: "2Gi", neo4j: "2Gi" };
const homes: Record<string, string> = {
  redis: "local-ai-system",
  searxng: "local-ai-search",
  n8n: "local-ai-n8n",
  flowise: "local-ai-flowise",
};
const homeOf = (service: string) => homes[service] ?? "local-ai-data";

const claim = (service: string): Manifest => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: `${service}-data`, namespace: homeOf(service) },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: sizes[service] ?? "1Gi" } },
    storageClassName: "local-path",
  },
});

const volumeOf = (service: string) => ({ name: "data", persistentVolumeClaim: { claimName: `${service}-data` } });

/** What other installations leave on a volume: each script runs in its root. */
const left: Record<string, string> = {
  postgres: "mkdir main && echo 17 >main/PG_VERSION && chown -R 999:999 main",
  redis: "echo REDIS0011 >dump.rdb && chmod 600 dump.rdb && chown 1001:1001 dump.rdb",
  qdrant: "mkdir collections && echo {} >raft_state.json && chown 1000:1000 collections raft_state.json",
  neo4j: "mkdir databases transactions && chown 7474:7474 databases transactions",
  searxng: "echo use_default_settings: true >settings.yml && chown 977:977 settings.yml",
  n8n: "echo {} >config && echo sqlite >database.sqlite && chown 1000:1000 config database.sqlite",
  flowise: "mkdir storage && chown 1000:1000 storage",
};

const writer = (service: string, image: string): Manifest => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${service}-writer`, namespace: homeOf(service), labels: { app: "writer" } },
  spec: {
    restartPolicy: "OnFailure",
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: "writer",
        image,
        command: ["sh", "-ec", `cd /data && rm -rf /data/* && ${left[service]}`],
        securityContext: { runAsUser: 0 },
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      },
    ],
    volumes: [volumeOf(service)],
  },
});

/** A workload of somebody's, of one container that has the claim. */
function workload(
  service: string,
  mountPath: string,
  container: Record<string, unknown>,
  { name = service, replicas = 0, labels = { app: name } as Record<string, string> } = {},
): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: homeOf(service) },
    spec: {
      replicas,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: "main", volumeMounts: [{ name: "data", mountPath }], ...container }],
          volumes: [volumeOf(service)],
        },
      },
    },
  };
}

const env = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));

/** Volumes and scaled-down workloads, each of which the stack can't go on with for another reason. */
export function refusedManifests(images: SeedImages, path: string, others: Record<string, string>): Manifest[] {
  const services = Object.keys(left);
  return [
    ...provisionerManifests(images, path),
    ...namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...services.map(claim),
    ...services.map((service) => writer(service, images.helper)),
    workload("postgres", "/var/lib/postgresql/data", { image: "postgres:16" }),
    workload("postgres", "/var/lib/postgresql/data", { image: "pgvector/pgvector:pg15" }, { name: "vectors" }),
    workload("n8n", "/home/node/.n8n", { image: others.n8n }),
    workload("flowise", "/home/node/.flowise", {
      image: others.flowise,
      env: env({ DATABASE_TYPE: "postgres", DATABASE_HOST: "db.example.org", DATABASE_USER: "flowise" }),
    }),
  ];
}

/** A PostgreSQL as the images from version 18 on run it, with an administrator of its own, and Redis' password. */
export function runningManifests(images: SeedImages, path: string, password: string): Manifest[] {
  const server = {
    image: images.postgres,
    env: env({ PGDATA: "/var/lib/postgresql/17/docker", POSTGRES_USER: "app", POSTGRES_PASSWORD: password }),
  };
  const owner = {
    name: "owner",
    image: images.helper,
    command: ["sh", "-ec", "mkdir -p /data/17/docker && chown -R 999:999 /data/17"],
    securityContext: { runAsUser: 0 },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  };
  const running = workload("postgres", "/var/lib/postgresql", server, { name: "db", replicas: 1 }) as unknown as {
    spec: { template: { spec: { initContainers?: object[] } } };
  };
  running.spec.template.spec.initContainers = [owner];
  return [
    ...provisionerManifests(images, path),
    ...["local-ai-system", "local-ai-data"].map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    })),
    claim("postgres"),
    running as unknown as Manifest,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "redis", namespace: "local-ai-system" },
      stringData: { password },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "postgres", namespace: "local-ai-data" },
      stringData: { password },
    },
  ];
}
