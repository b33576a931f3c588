/** What a stand-in takes over of its service; a test compares it with the catalogue. */
export interface StandIn {
  /** `uid:gid`. */
  user: string;
  /** The port that answers the probes and keeps records. */
  http: number;
  /** Ports that only accept connections. */
  tcp: number[];
  /** Paths that answer 200. */
  probes: string[];
  /** Where the records go: the service's volume. */
  data: string;
  /** Further directories that the real service can't start without. */
  writable: string[];
  /** A file that every record request is noted in. */
  log?: string;
  /** What the process that serves is called where it isn't the image's first one, which only starts it. */
  process?: string;
}

/** By service. Redis and PostgreSQL are missing: those are real. */
export const STAND_INS: Record<string, StandIn> = {
  flowise: {
    user: "1000:1000",
    http: 3000,
    tcp: [],
    probes: ["/api/v1/ping"],
    data: "/home/node/.flowise",
    writable: [],
  },
  searxng: {
    user: "977:977",
    http: 8080,
    tcp: [],
    probes: ["/healthz"],
    data: "/etc/searxng",
    writable: ["/var/cache/searxng"],
    process: "granian",
  },
  qdrant: {
    user: "1000:1000",
    http: 6333,
    tcp: [6334],
    probes: ["/readyz"],
    data: "/qdrant/storage",
    writable: ["/qdrant/snapshots"],
    process: "qdrant",
  },
  neo4j: {
    user: "7474:7474",
    http: 7474,
    tcp: [7687],
    probes: [],
    data: "/data",
    writable: ["/logs"],
    process: "java",
  },
  n8n: {
    user: "1000:1000",
    http: 5678,
    tcp: [],
    probes: ["/healthz", "/healthz/readiness"],
    data: "/home/node/.n8n",
    writable: [],
    process: "node",
  },
  taskflow: {
    user: "1000:1000",
    http: 8080,
    tcp: [],
    probes: [],
    data: "/data",
    writable: ["/app/logs"],
    log: "/app/logs/access.log",
  },
};
