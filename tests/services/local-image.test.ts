import assert from "node:assert/strict";
import type { StandIn } from "../../model/local-image";
import { recipesOf } from "../../local-cluster/images/images";
import { catalogue } from "../../services/catalogue";
import { localImagesOf, madeOnRequest } from "../../services/shared/local-image";

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
  qdrant: {
    user: "1000:1000",
    http: 6333,
    tcp: [6334],
    probes: ["/readyz"],
    data: "/qdrant/storage",
    writable: ["/qdrant/snapshots"],
    process: "qdrant",
    start: "/qdrant/entrypoint.sh",
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
};
const real = {
  redis: "redis",
  postgres: "postgres-17",
  taskflow: "rclone",
  "taskflow-db": "postgres-15",
  neo4j: "neo4j",
  searxng: "searxng",
};

describe("what the local cluster makes for a service", () => {
  const images = localImagesOf(catalogue, false);
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
    assert.deepEqual(
      Object.fromEntries(made),
      Object.fromEntries([...Object.values(real), ...stand].map((n) => [n, n])),
    );
    assert.equal(made.length, 9);
  });

  it("is a program that takes minutes only when it is asked for, and a stand-in otherwise", () => {
    const spec = { ...catalogue.get("n8n")!, localRecipe: { name: "n8n", onlyReal: true } };
    const made = (real: boolean) => localImagesOf(new Map([["n8n", spec]]), real).get("n8n");
    assert.deepEqual(made(true), { recipe: "n8n" });
    assert.deepEqual(made(false), { standIn: standIns.n8n });
    assert.deepEqual(madeOnRequest(new Map([["n8n", spec]])), ["n8n"]);
    const real = { ...spec, localRecipe: { name: "n8n" } };
    assert.deepEqual(madeOnRequest(new Map([["n8n", real]])), []);
  });

  it("can't be a recipe that the local cluster doesn't have", () => {
    assert.throws(() => recipesOf(new Map([["valkey", { recipe: "valkey" }]]), apt), {
      message: /^the local cluster has no recipe "valkey"; it has \w/,
    });
  });
});
