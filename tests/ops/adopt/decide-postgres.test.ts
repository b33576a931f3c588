import assert from "node:assert/strict";
import { decideAdoption } from "../../../ops/adopt/decide";
import { describeFaults } from "../../../ops/adopt/print";
import type { Facts } from "../../../ops/adopt/types";
import { facts, live, planned, pod, stack, workloadSpec } from "./objects";
import { outcome, of } from "./outcome";

describe("what adopt decides about PostgreSQL", () => {
  const serverOf = (image: string, container: object = {}) =>
    workloadSpec({
      serviceName: "postgres-headless",
      template: pod({
        image,
        claimName: "postgres-data",
        volumeMounts: [{ name: "storage", mountPath: "/var/lib/postgresql/data" }],
        ...container,
      }),
    });
  const database = (image: string, pgdata?: string) => {
    const env = [{ name: "PGDATA", value: pgdata }];
    return serverOf(image, pgdata === undefined ? {} : { env });
  };
  const postgres = planned("StatefulSet", "postgres", {
    spec: serverOf("postgres:17.11-bookworm", {
      env: [{ name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" }],
      securityContext: { runAsUser: 999 },
    }),
  });
  /** What is decided where the live container is another. */
  const beside = (image: string, container: object = {}, more: Partial<Facts> = {}) =>
    outcome(postgres, facts([[postgres, live(postgres, { spec: serverOf(image, container) })]], more));
  const decided = (image: string, pgdata?: string) =>
    outcome(postgres, of(postgres, { spec: database(image, pgdata) }));

  it("opens what a server of the same major version has, at the volume's root too", () => {
    assert.equal(decided("postgres:17.11-bookworm", "/var/lib/postgresql/data/pgdata"), "adopt");
    assert.equal(decided("postgres:17"), "adopt: image postgres:17 becomes postgres:17.11-bookworm");
    assert.equal(
      decided("registry.example/library/postgres:17"),
      "adopt: image registry.example/library/postgres:17 becomes postgres:17.11-bookworm",
    );
  });
  it("is not started on another major version's files", () => {
    assert.equal(
      decided("postgres:15"),
      "StatefulSet data/postgres: it is PostgreSQL 15, and PostgreSQL 17 can't open its files; " +
        "set services.postgres.image to postgres:15, or to an image of the same major version",
    );
  });
  it("is not started on files of another user", () => {
    assert.equal(
      decided("postgres:17-alpine"),
      "StatefulSet data/postgres: its image postgres:17-alpine runs as another user than " +
        "postgres:17.11-bookworm and sorts text in another order; set services.postgres.image to postgres:17-alpine, " +
        "and services.postgres.uid to 70",
    );
    assert.equal(
      beside("postgres:17.11-bookworm", { securityContext: { runAsUser: 1001 } }),
      "StatefulSet data/postgres: its files belong to user 1001, and the service runs as user 999; " +
        "set services.postgres.uid to 1001",
    );
  });
  it("is not started on files that are sorted otherwise", () =>
    assert.equal(
      decided("postgres:17.11-trixie"),
      "StatefulSet data/postgres: its image postgres:17.11-trixie has the C library of trixie, and " +
        "postgres:17.11-bookworm that of bookworm, which may sort text otherwise; set services.postgres.image to " +
        "postgres:17.11-trixie, and change it after it belongs to the stack (docs/versions.md)",
    ));
  it("is not begun anew beside a database that it wouldn't find", () => {
    assert.equal(
      decided("postgres:17", "/var/lib/postgresql/data/main"),
      "StatefulSet data/postgres: its database is in the directory main of postgres-data, and the service looks only " +
        "in the volume's root, in pgdata and in NUMBER/docker; stop statefulset/postgres, and rename that directory " +
        "to pgdata, in the volume's root",
    );
  });
  it("finds the directory of an image from version 18 on", () => {
    const mounted = { volumeMounts: [{ name: "storage", mountPath: "/var/lib/postgresql" }] };
    const eighteen = planned("StatefulSet", "postgres", { spec: serverOf("postgres:18.1-bookworm") });
    const has = live(eighteen, { spec: serverOf("postgres:18", mounted) });
    assert.equal(
      outcome(eighteen, facts([[eighteen, has]])),
      "adopt: image postgres:18 becomes postgres:18.1-bookworm",
    );
    assert.equal(
      beside("postgres:17", mounted),
      "StatefulSet data/postgres: its database is in the directory data of postgres-data, and the service looks " +
        "only in the volume's root, in pgdata and in NUMBER/docker; stop statefulset/postgres, and rename that " +
        "directory to pgdata, in the volume's root",
    );
  });
  it("says that a database is not on the claim at all", () =>
    assert.equal(
      beside("postgres:17", { volumeMounts: [{ name: "storage", mountPath: "/backup" }] }),
      "StatefulSet data/postgres: its database is in /var/lib/postgresql/data, which is not on the claim " +
        "postgres-data; a restart may lose it: dump it first, and load the dump into the new database: kubectl -n " +
        "data exec statefulset/postgres -- pg_dumpall -U ROLE > postgres.sql",
    ));
  for (const image of ["pgvector/pgvector:pg17", "timescale/timescaledb:2.17-pg17", "bitnami/postgresql:17"])
    it(`can't tell what ${image} wrote`, () =>
      assert.equal(
        beside(image),
        `StatefulSet data/postgres: its image ${image} is not the official one, so which PostgreSQL and which ` +
          `extensions wrote its data can't be told; set services.postgres.image to ${image} if it starts as the ` +
          "official image does; if not, dump the data and load it into a new claim: kubectl -n data exec " +
          "statefulset/postgres -- pg_dumpall -U ROLE > postgres.sql",
      ));
  it("can't tell what a digest or an image without a tag wrote, unless the config has the same", () => {
    const digest = `postgres@sha256:${"0".repeat(64)}`;
    assert.equal(
      beside(digest),
      `StatefulSet data/postgres: its image ${digest} doesn't say which PostgreSQL it is; ` +
        `set services.postgres.image to ${digest}`,
    );
    assert.equal(
      beside("postgres:latest"),
      "StatefulSet data/postgres: its image postgres:latest doesn't say which PostgreSQL it is; ask it (kubectl -n " +
        "data exec statefulset/postgres -- postgres --version), and give the workload the image with that version as " +
        "its tag",
    );
    const same = planned("StatefulSet", "postgres", { spec: serverOf(digest) });
    assert.equal(outcome(same, of(same)), "adopt");
  });
  it("isn't asked as a role that the server doesn't have", () => {
    const other = { env: [{ name: "POSTGRES_USER", value: "app" }] };
    const refused =
      "StatefulSet data/postgres: its administrator is app, and the service postgres works as postgres; while it " +
      "runs, " +
      "make that role with the same password: kubectl -n data exec -it statefulset/postgres -- psql -U app -d " +
      "postgres " +
      `-c 'create role "postgres" superuser login' -c '\\password postgres'`;
    const answers = (superusers: string[], owners = {}) => ({
      servers: new Map([["StatefulSet data/postgres", { superusers, owners }]]),
    });
    assert.equal(beside("postgres:17.11-bookworm", other), refused);
    assert.equal(beside("postgres:17.11-bookworm", other, answers(["app"])), refused);
    assert.equal(beside("postgres:17.11-bookworm", other, answers(["app", "postgres"])), "adopt");
    const secret = { env: [{ name: "POSTGRES_USER", valueFrom: { secretKeyRef: { name: "db", key: "user" } } }] };
    const says = (user: string) => ({ settings: new Map([["Secret data/db", { user }]]) });
    assert.equal(beside("postgres:17.11-bookworm", secret, says("app")), refused);
    assert.equal(beside("postgres:17.11-bookworm", secret, says("postgres")), "adopt");
  });
  it("leaves no service waiting for a database of another role", () => {
    const n8n = planned("Deployment", "n8n", { spec: workloadSpec() });
    const has = (owner: string) =>
      facts([[postgres, live(postgres)]], {
        servers: new Map([["StatefulSet data/postgres", { superusers: ["postgres"], owners: { n8n: owner } }]]),
      });
    const both = (owner: string) =>
      decideAdoption([postgres, n8n], [], has(owner), stack).map((verdict) => describeFaults([verdict]).join(" | "));
    assert.deepEqual(both("app"), [
      "StatefulSet data/postgres: its database n8n belongs to the role app, and the service n8n logs in as n8n; " +
        'give it and its tables to n8n: docs/adopting.md, "A database of another role", has the command',
    ]);
    assert.deepEqual(both("n8n"), [""]);
    assert.equal(outcome(postgres, has("app")), "adopt");
  });
});
