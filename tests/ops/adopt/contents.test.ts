import assert from "node:assert/strict";
import { catalogue } from "../../../services/catalogue";
import { findData, refuseContents, type Sought } from "../../../ops/adopt/contents";
import type { Listing } from "../../../ops/adopt/listing";

/** A listing of these files, `DIRECTORY/` or `FILE`, all of one user. */
function listing(paths: string[], uid = 999, versions: Record<string, string> = {}): Listing {
  const entries = ["", ...paths].map((path) => ({
    path: path.replace(/\/$/, ""),
    directory: path === "" || path.endsWith("/"),
    uid,
    gid: uid,
    mode: 0o600,
    size: 4096,
  }));
  return { entries, versions, closed: [] };
}

/** What images of the catalogue's services leave on a fresh volume, as they were listed. */
const postgresFiles = ["PG_VERSION", "base/", "global/", "pg_wal/", "postgresql.conf", "postmaster.opts"];
const inside = (directory: string, files: string[]) => [
  `${directory}/`,
  ...files.map((file) => `${directory}/${file}`),
];
const qdrantFiles = ["aliases/", "collections/", "raft_state.json", ".deleted/"];
const neo4jFiles = ["databases/", "transactions/", "dbms/", "server_id"];

function refused(service: string, seen: Listing, more: Partial<Sought> = {}): string[] {
  const spec = catalogue.get(service)!;
  const claim = spec.claims[0]!.name;
  const container = {
    image: spec.image,
    uid: spec.identity.uid,
    mounts: spec.claims[0]!.mounts.map(({ path, subPath = "" }) => ({ claim, path, subPath })),
  };
  const sought = { service, namespace: "data", claim, layout: spec.data!, container, csi: false, told: false, ...more };
  return refuseContents(sought, seen, catalogue).map(({ why, wayOut }) => `${why}; ${wayOut}`);
}

describe("what adopt makes of a volume's files", () => {
  it("nothing is wrong with an empty volume", () => {
    for (const [service, { data }] of catalogue)
      if (data) assert.deepEqual(refused(service, listing(["lost+found/"], 0)), [], service);
  });

  describe("PostgreSQL's", () => {
    const layout = catalogue.get("postgres")!.data!;
    const of = (directory: string, version: string, uid = 999) =>
      listing(directory === "" ? postgresFiles : inside(directory, postgresFiles), uid, { [directory]: version });
    it("directory and version are known", () =>
      assert.deepEqual(
        findData(of("18/docker", "18"), layout).map(({ directory, version }) => [directory, version]),
        [["18/docker", "18"]],
      ));
    it("are found where the service looks", () => {
      for (const directory of ["", "pgdata", "17/docker"])
        assert.deepEqual(refused("postgres", of(directory, "17")), []);
    });
    it("are refused elsewhere, with the directory", () =>
      assert.deepEqual(refused("postgres", of("data", "17")), [
        "its data is in the directory data, and postgres looks in its root, in pgdata and in NUMBER/docker; stop " +
          "what " +
          "uses it, and move the data to the directory pgdata with a pod that mounts it",
      ]));
    it("are refused in another version, or of another user", () => {
      assert.deepEqual(refused("postgres", of("", "16")), [
        "it has the files of PostgreSQL 16, and PostgreSQL 17 can't open them; set services.postgres.image to one of " +
          "PostgreSQL 16",
      ]);
      const foreign = (uid: number) => `its files belong to user ${uid}, and postgres runs as user 999; `;
      assert.deepEqual(refused("postgres", of("", "17", 70)), [`${foreign(70)}set services.postgres.uid to 70`]);
      assert.deepEqual(refused("postgres", of("", "17", 70), { csi: true }).length, 1);
      assert.deepEqual(refused("postgres", of("", "17", 0)), [
        `${foreign(0)}give them to user 999 (chown -R 999:999), from a pod that runs as root and has the claim ` +
          "postgres-data of namespace data (docs/adopting.md)",
      ]);
    });
    it("are refused twice on a volume", () => {
      const both = listing([...postgresFiles, ...inside("pgdata", postgresFiles)], 999, { "": "16", pgdata: "17" });
      assert.deepEqual(refused("postgres", both), [
        "it has data in more than one place: its root (version 16), the directory pgdata (version 17); stop what " +
          "uses " +
          "it, and leave only the directory that is meant, with a pod that mounts it",
      ]);
    });
    it("are refused by another service, and strange files by PostgreSQL", () => {
      assert.deepEqual(refused("redis", of("", "17")), [
        "it has files of PostgreSQL, not of redis; give the service another claim, or take the files away with a pod " +
          "that mounts it",
      ]);
      assert.deepEqual(refused("postgres", listing(["backup.tar", "notes/", "notes/a"])), [
        "it has files (backup.tar, notes) but no data of postgres, which would start empty beside them; give the " +
          "service another claim, or take the files away with a pod that mounts it",
      ]);
    });
  });

  it("Redis' are found at the root only, as a log or as a snapshot", () => {
    assert.deepEqual(refused("redis", listing(["dump.rdb"])), []);
    assert.deepEqual(refused("redis", listing(["appendonlydir/", "appendonlydir/appendonly.aof.1.base.rdb"])), []);
    assert.deepEqual(refused("redis", listing(["data/", "data/dump.rdb"])), [
      "its data is in the directory data, and redis looks in its root; stop what uses it, and move the data to its " +
        "root with a pod that mounts it",
    ]);
    assert.deepEqual(refused("redis", listing(["dump.rdb"], 1001)), [
      "its files belong to user 1001, and redis runs as user 999; set services.redis.uid to 1001",
    ]);
    assert.deepEqual(refused("redis", listing(["dump.rdb"], 1001), { csi: true }), []);
  });

  const rooted: [service: string, uid: number, files: string[], directory: string][] = [
    ["qdrant", 1000, qdrantFiles, "storage"],
    ["neo4j", 7474, neo4jFiles, "data"],
    ["searxng", 977, ["settings.yml", "uwsgi.ini"], "config"],
  ];
  for (const [service, uid, files, directory] of rooted)
    it(`${service}'s are found in its directory, and refused at the root`, () => {
      assert.deepEqual(refused(service, listing(inside(directory, files), uid)), []);
      assert.deepEqual(refused(service, listing(files, uid)), [
        `its data is in its root, and ${service} looks in the directory ${directory}; stop what uses it, and move ` +
          `the ` +
          `data to the directory ${directory} with a pod that mounts it`,
      ]);
    });

  it("SQLite's file is refused where no workload says that it is not in use", () => {
    const seen = listing(["config", "database.sqlite", "nodes/"], 1000);
    assert.deepEqual(refused("n8n", seen), [
      "database.sqlite is on it, and n8n keeps its data in PostgreSQL and would start empty; take its data along " +
        "while " +
        'its old workload runs (docs/adopting.md, "n8n and Flowise with SQLite"), or rename the file if it is not in ' +
        "use any more",
    ]);
    assert.deepEqual(refused("n8n", seen, { told: true }), []);
    assert.deepEqual(refused("n8n", listing(["config", "nodes/"], 1000)), []);
  });

  it("a stand-in's are its own", () => assert.deepEqual(refused("qdrant", listing(["stand-in/"], 1000)), []));
});
