import assert from "node:assert/strict";
import { readWritten, writtenBy } from "../../model/engine-version";
import { catalogue } from "../../services/catalogue";

const engineOf = (service: string) => catalogue.get(service)!.engine!;

describe("what an image says of its engine", () => {
  const table: [string, string, string | undefined, string | undefined][] = [
    ["postgres", "postgres:17.11-bookworm", "17.11", "bookworm"],
    ["postgres", "postgres:17", "17", "debian"],
    ["postgres", "postgres:15.19-alpine3.24", "15.19", "alpine"],
    ["postgres", "localhost/cluster-storage/postgres:15.20-0-deb12u1-0bfdc2ec", "15.20", "bookworm"],
    ["postgres", "registry.local:5000/library/postgres:17.2@sha256:abab", "17.2", "debian"],
    ["postgres", "postgres@sha256:abab", undefined, undefined],
    ["postgres", "pgvector/pgvector:0.8.0-pg17-trixie", undefined, "trixie"],
    ["redis", "redis:7.4.11-bookworm", "7.4.11", undefined],
    ["redis", "redis:latest", undefined, undefined],
    ["redis", "redis:7beta", undefined, undefined],
    ["qdrant", "qdrant/qdrant:v1.19.0-unprivileged", "1.19.0", undefined],
    ["neo4j", "neo4j:2025.01.0-community", "2025.01.0", undefined],
  ];
  for (const [service, image, version, libc] of table)
    it(image, () => {
      const written = writtenBy(engineOf(service), image);
      assert.deepEqual([written.version, written.libc], [version, libc]);
    });

  it("is what the config says where the tag says nothing", () =>
    assert.equal(writtenBy(engineOf("redis"), "redis@sha256:abab", "7.4.11").version, "7.4.11"));

  it("is read again from a mark, and not from what is no mark", () => {
    const written = writtenBy(engineOf("postgres"), "postgres:17.11-bookworm");
    assert.deepEqual(readWritten(JSON.stringify(written)), written);
    for (const mark of [undefined, "", "null", "[]", "{}", '{"engine":"Redis"}', '{"engine":1,"image":"a"}'])
      assert.equal(readWritten(mark), undefined);
  });
});
