import assert from "node:assert/strict";
import type { StandIn } from "../../model/local-image";
import { recipesOf } from "../../local-cluster/images/images";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";

/** What each stand-in is made of: another value is another image, and another way to answer. */
const standIns: Record<string, StandIn> = {
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
    writable: ["/home/node/.n8n-files"],
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
const real = { redis: "redis", postgres: "postgres", "taskflow-db": "postgres" };

describe("what the local cluster makes for a service", () => {
  const images = localImagesOf(catalogue);
  const apt = { lists: "", env: {} };

  it("is the real program or a stand-in, as its file says", () => {
    assert.deepEqual(Object.fromEntries(images), {
      ...Object.fromEntries(Object.entries(standIns).map(([name, standIn]) => [name, { standIn }])),
      ...Object.fromEntries(Object.entries(real).map(([name, recipe]) => [name, { recipe }])),
    });
  });

  it("is an image of its own for each stand-in, and one that all services of a recipe share", () => {
    const made = [...recipesOf(images, apt)].map(([key, { name }]) => [key, name]);
    const stand = Object.keys(standIns).map((name) => `stand-in-${name}`);
    assert.deepEqual(Object.fromEntries(made), Object.fromEntries(["redis", "postgres", ...stand].map((n) => [n, n])));
    assert.equal(made.length, 8);
  });

  it("can't be a recipe that the local cluster doesn't have", () => {
    assert.throws(() => recipesOf(new Map([["valkey", { recipe: "valkey" }]]), apt), {
      message: 'the local cluster has no recipe "valkey"; it has redis, postgres',
    });
  });
});
