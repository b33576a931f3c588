import assert from "node:assert/strict";
import { planned, pod, workloadSpec } from "./objects";
import { outcome, of } from "./outcome";

describe("what adopt decides about PostgreSQL", () => {
  const database = (image: string, pgdata?: string) => {
    const mounts = {
      volumeMounts: [{ name: "storage", mountPath: "/var/lib/postgresql/data" }],
      ...(pgdata ? { env: [{ name: "PGDATA", value: pgdata }] } : {}),
    };
    return workloadSpec({
      serviceName: "postgres-headless",
      template: pod({ image, claimName: "postgres-data", ...mounts }),
    });
  };
  const postgres = planned("StatefulSet", "postgres", {
    spec: database("postgres:17.11-bookworm", "/var/lib/postgresql/data/pgdata"),
  });
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
        "postgres:17.11-bookworm and sorts text in another order; set services.postgres.image to postgres:17-alpine",
    );
  });
  it("is not begun anew beside a database that it wouldn't find", () => {
    assert.equal(
      decided("postgres:17", "/var/lib/postgresql/data/main"),
      "StatefulSet data/postgres: its database is in /var/lib/postgresql/data/main, and the service looks only " +
        "in /var/lib/postgresql/data and /var/lib/postgresql/data/pgdata; stop the running PostgreSQL, move the " +
        "directory to /var/lib/postgresql/data/pgdata, and set PGDATA to that path",
    );
  });
});
