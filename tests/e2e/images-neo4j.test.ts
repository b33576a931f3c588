import type { ResultPromise } from "execa";
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { neo4j } from "../../local-cluster/images/neo4j/image";
import { execIn, putAway, runImage, signal, type Unpacked } from "./image-run";
import { apt, unpacked, until, volume } from "./image-volume";

const password = "a longer one";

describe("the Neo4j image", () => {
  let image: Unpacked;
  let mounts: Record<string, string>;
  let running: ResultPromise;
  before(async function () {
    this.timeout(600_000);
    image = await unpacked(neo4j(apt));
    mounts = { "/data": await volume(7474), "/logs": await volume(7474) };
  });
  after(() => putAway(running, [image.root, ...Object.values(mounts)]));

  const start = (env: Record<string, string> = {}) => {
    running = runImage(image, {
      uid: 7474,
      writable: true,
      mounts,
      // Each container begins with the image's files; here the two starts share them, the first one's PID file too.
      empty: ["/tmp", "/var/lib/neo4j/run"],
      env: {
        NEO4J_AUTH: `neo4j/${password}`,
        NEO4J_server_memory_heap_max__size: "512m",
        NEO4J_server_memory_pagecache_size: "64m",
        ...env,
      },
    });
  };
  const cypher = (query: string, secret = password) =>
    execIn(image, running, 7474, ["cypher-shell", "-a", "bolt://127.0.0.1:7687", "--format", "plain", query], {
      NEO4J_USERNAME: "neo4j",
      NEO4J_PASSWORD: secret,
    });
  const ready = () => {
    const answers = async () => {
      if (running.exitCode !== null) assert.fail(`the server ended: ${(await running).all}`);
      return (await cypher("RETURN 1").catch(() => ({ exitCode: 1 }))).exitCode === 0;
    };
    // Each look starts a Java, which would keep the server from starting.
    return until("the server answers", answers, 3000);
  };

  it("keeps a write over kill -9, with the password of its first start", async function () {
    this.timeout(400_000);
    start();
    await ready();
    assert.equal((await cypher("CREATE (:Kept {value: 'kept'})")).exitCode, 0);
    await signal(running, "SIGKILL");

    start({ NEO4J_AUTH: "neo4j/another password" });
    await ready();
    assert.match(String((await cypher("MATCH (k:Kept) RETURN k.value")).stdout), /"kept"/);
    const refused = await cypher("RETURN 1", "another password");
    assert.notEqual(refused.exitCode, 0);
    assert.match(String(refused.all), /unauthorized/i);
    assert.equal((await stat(`${mounts["/data"]}/databases`)).uid, 7474);
  });

  it("takes settings from the environment, and is no first process", async () => {
    const setting = "SHOW SETTINGS 'server.memory.pagecache.size' YIELD value";
    assert.match(String((await cypher(setting)).stdout), /64\.00MiB/);
    const { stdout } = await execIn(image, running, 7474, ["cat", "/proc/1/comm"]);
    assert.equal(String(stdout).trim(), "tini");
  });

  it("refuses a setting that Neo4j doesn't have, and ends", async () => {
    await signal(running, "SIGTERM");
    start({ NEO4J_server_memory_heap_mx__size: "1g" });
    const { all, exitCode } = await running;
    assert.notEqual(exitCode, 0);
    assert.match(String(all), /server\.memory\.heap\.mx_size/);
  });
});
