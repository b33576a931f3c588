import assert from "node:assert/strict";
import { writtenBy, writtenByStandIn } from "../../model/engine-version";
import { judgeChange } from "../../model/version-change";
import { catalogue } from "../../services/catalogue";

const engineOf = (service: string) => catalogue.get(service)!.engine!;

/** What is said of a change from one image to another, on a claim of the service. */
function judged(service: string, from: string, to: string, accepted?: string, said?: string) {
  const engine = engineOf(service);
  const { kind, namespace } = catalogue.get(service)!;
  return judgeChange(engine, writtenBy(engine, from), writtenBy(engine, to, said), {
    service,
    namespace,
    workload: `${kind.toLowerCase()}/${service}`,
    claim: "data",
    accepted,
  });
}

describe("a change of version that the engine takes with its files", () => {
  const table: [string, string, string][] = [
    ["redis", "redis:7.2.5", "redis:7.4.11-bookworm"],
    ["redis", "redis:7.4.11-bookworm", "redis:7.4.2-alpine"],
    ["redis", "redis:7.4.11", "redis:8.2"],
    ["postgres", "postgres:17.11-bookworm", "postgres:17.2-bookworm"],
    ["postgres", "postgres:17.2-bookworm", "postgres:17.11-bookworm"],
    ["taskflow-db", "postgres:15.19-alpine3.24", "postgres:15.20-alpine3.25"],
    ["qdrant", "qdrant/qdrant:v1.18.2", "qdrant/qdrant:v1.19.0-unprivileged"],
    ["qdrant", "qdrant/qdrant:v1.19.0", "qdrant/qdrant:v1.19.3"],
    ["neo4j", "neo4j:5.20.0", "neo4j:5.26.29-community"],
    ["neo4j", "neo4j:5.26.29-community", "neo4j:2025.08.0"],
    ["neo4j", "neo4j:2025.08.0", "neo4j:2026.01.0"],
    ["n8n", "n8nio/n8n:1.99.0", "n8nio/n8n:2.41.3"],
    ["flowise", "flowiseai/flowise:3.1.3", "flowiseai/flowise:3.2.0"],
    ["redis", "team/cache@sha256:abab", "team/cache@sha256:abab"],
    ["n8n", "n8nio/n8n:2.41.3@sha256:abab", "n8nio/n8n:2.41.3@sha256:cdcd"],
    ["postgres", "postgres:17.11-bookworm", "postgres:17.11-bookworm@sha256:abab"],
  ];
  for (const [service, from, to] of table) it(`${from} → ${to}`, () => assert.deepEqual(judged(service, from, to), {}));

  it("has a version by the config", () =>
    assert.deepEqual(judged("redis", "redis:7.4.11", "redis@sha256:abab", undefined, "8.0.1"), {}));
});

describe("a change of version that is refused", () => {
  const dump =
    "dump it (kubectl -n local-ai-data exec statefulset/postgres -- pg_dumpall -U postgres > dump.sql) and restore " +
    "that into a new, empty volume (docs/versions.md)";
  const wrote = (what: string) => `claim data was last written by ${what}, and `;
  const again = (service: string, image: string) => `set services.${service}.image to ${image} again`;
  const sorts = (will: string, was: string) =>
    `${will} sorts text otherwise than ${was}, so that PostgreSQL's indexes would be wrong`;
  const table: [string, string, string, string][] = [
    [
      "redis",
      "redis:7.4.11-bookworm",
      "redis:7.2",
      wrote("Redis 7.4.11 (redis:7.4.11-bookworm)") +
        `Redis 7.2 can't go on with its files; ${again("redis", "redis:7.4.11-bookworm")}, or restore a backup that ` +
        "the older version made into a new, empty volume (docs/versions.md)",
    ],
    [
      "postgres",
      "postgres:17.11-bookworm",
      "postgres:18.1-bookworm",
      wrote("PostgreSQL 17.11 (postgres:17.11-bookworm)") +
        `PostgreSQL 18.1 can't go on with its files; ${again("postgres", "postgres:17.11-bookworm")}, or ${dump}`,
    ],
    [
      "postgres",
      "postgres:17.11-bookworm",
      "postgres:16.9-bookworm",
      wrote("PostgreSQL 17.11 (postgres:17.11-bookworm)") +
        `PostgreSQL 16.9 can't go on with its files; ${again("postgres", "postgres:17.11-bookworm")}, or ${dump}`,
    ],
    [
      "qdrant",
      "qdrant/qdrant:v1.16.0",
      "qdrant/qdrant:v1.19.0",
      wrote("Qdrant 1.16.0 (qdrant/qdrant:v1.16.0)") +
        `Qdrant 1.19.0 can't go on with its files; ${again("qdrant", "qdrant/qdrant:v1.16.0")}, or go up one minor ` +
        "version at a time, first to the newest 1.17 (docs/versions.md)",
    ],
    [
      "qdrant",
      "qdrant/qdrant:v1.19.0",
      "qdrant/qdrant:v1.18.0",
      wrote("Qdrant 1.19.0 (qdrant/qdrant:v1.19.0)") +
        `Qdrant 1.18.0 can't go on with its files; ${again("qdrant", "qdrant/qdrant:v1.19.0")}, or restore snapshots ` +
        "that the older version made into a new, empty volume (docs/versions.md)",
    ],
    [
      "neo4j",
      "neo4j:5.26.29-community",
      "neo4j:5.20.0",
      wrote("Neo4j 5.26.29 (neo4j:5.26.29-community)") +
        `Neo4j 5.20.0 can't go on with its files; ${again("neo4j", "neo4j:5.26.29-community")}, or load a dump that ` +
        "the older version made (neo4j-admin database load) into a new, empty volume (docs/versions.md)",
    ],
    [
      "neo4j",
      "neo4j:5.20.0",
      "neo4j:2025.08.0",
      wrote("Neo4j 5.20.0 (neo4j:5.20.0)") +
        `Neo4j 2025.08.0 can't go on with its files; ${again("neo4j", "neo4j:5.20.0")}, or go to the newest 5.26 ` +
        "first, and from there on (docs/versions.md)",
    ],
    [
      "neo4j",
      "neo4j:4.4.40",
      "neo4j:5.26.29",
      wrote("Neo4j 4.4.40 (neo4j:4.4.40)") +
        `Neo4j 5.26.29 can't go on with its files; ${again("neo4j", "neo4j:4.4.40")}, or dump its databases with ` +
        "neo4j-admin, load them into a new, empty volume, and migrate them there (docs/versions.md)",
    ],
    [
      "n8n",
      "n8nio/n8n:2.41.3",
      "n8nio/n8n:2.40.0",
      wrote("n8n 2.41.3 (n8nio/n8n:2.41.3)") +
        `n8n 2.40.0 can't go on with its files; ${again("n8n", "n8nio/n8n:2.41.3")}, or restore the database n8n and ` +
        "the volume n8n-data from before the update (docs/versions.md)",
    ],
    [
      "redis",
      "redis:7.4.11",
      "redis@sha256:abab",
      wrote("Redis 7.4.11 (redis:7.4.11)") +
        "image redis@sha256:abab doesn't say which version of Redis it has; say it in services.redis.version",
    ],
    [
      "qdrant",
      "qdrant/qdrant:v1.19.0",
      "qdrant/qdrant:v1",
      wrote("Qdrant 1.19.0 (qdrant/qdrant:v1.19.0)") +
        "image qdrant/qdrant:v1 doesn't say which version of Qdrant it has; say it in services.qdrant.version",
    ],
    [
      "redis",
      "redis@sha256:abab",
      "redis:7.4.11",
      wrote("Redis (redis@sha256:abab)") +
        `that image doesn't say which version of Redis it has; ${again("redis", "redis@sha256:abab")} with its ` +
        "version in services.redis.version, run pulumi up, and then change the image",
    ],
    [
      "postgres",
      "postgres:17.11-bookworm",
      "postgres:17.11-alpine3.24",
      wrote("PostgreSQL 17.11 (postgres:17.11-bookworm)") +
        `${sorts("alpine", "bookworm")}; choose an image with bookworm, or ${dump}`,
    ],
    [
      "postgres",
      "postgres:17.11-bookworm",
      "postgres:17.11-trixie",
      wrote("PostgreSQL 17.11 (postgres:17.11-bookworm)") +
        `${sorts("trixie", "bookworm")}; choose an image with bookworm, or set services.postgres.acceptLibc: trixie ` +
        "while nobody uses the database, and right after the update run kubectl -n local-ai-data exec " +
        "statefulset/postgres -- reindexdb -U postgres --all (docs/versions.md)",
    ],
  ];
  for (const [service, from, to, refused] of table)
    it(`${from} → ${to}`, () => assert.deepEqual(judged(service, from, to), { refused }));

  it("is one between a service and its stand-in", () => {
    const engine = engineOf("qdrant");
    const [real, other] = [writtenBy(engine, "qdrant:v1.19.0"), writtenByStandIn(engine, "stand-in-qdrant:1")];
    const place = { service: "qdrant", namespace: "ns", workload: "statefulset/qdrant", claim: "data" };
    assert.deepEqual(judgeChange(engine, other, real, place), {
      refused:
        "claim data was last written by a stand-in for Qdrant (stand-in-qdrant:1), and Qdrant can't read its files; " +
        "set services.qdrant.image to stand-in-qdrant:1 again, or give the service a new, empty volume " +
        "(docs/versions.md)",
    });
    assert.deepEqual(judgeChange(engine, other, { ...other, image: "stand-in-qdrant:2" }, place), {});
  });
});

describe("another C library below PostgreSQL", () => {
  const reindex = "kubectl -n local-ai-data exec statefulset/postgres -- reindexdb -U postgres --all";

  it("that the config accepts by name is a warning that says what to do", () =>
    assert.deepEqual(judged("postgres", "postgres:17.11-bookworm", "postgres:17.11-trixie", "trixie"), {
      warning:
        "services.postgres.acceptLibc: as soon as the update is done and before anybody uses it, make the indexes of " +
        `claim data anew: ${reindex}`,
    }));

  it("that a tag doesn't name is a warning", () =>
    assert.deepEqual(judged("postgres", "postgres:17.11-bookworm", "postgres:17.99"), {
      warning:
        "services.postgres.image: claim data was written with the C library of bookworm and goes on with that of " +
        `debian; if they sort text differently, make the indexes anew: ${reindex}`,
    }));

  it("that was accepted before doesn't count for the next one", () =>
    assert.ok(judged("postgres", "postgres:17.11-trixie", "postgres:17.11-bookworm", "trixie").refused));
});
