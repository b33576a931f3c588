import assert from "node:assert/strict";
import type { Facts } from "../../../ops/adopt/types";
import { facts, live, planned, pod, workloadSpec } from "./objects";
import { outcome } from "./outcome";

type Env = { name: string; value?: string; valueFrom?: object }[];

const variables = (values: Record<string, string>): Env =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** What is decided about a service where the live one has these variables. */
function deciding(service: string, image: string, mountPath: string, ours: Record<string, string>) {
  const spec = (env: Env, more: object = {}) =>
    workloadSpec({
      template: pod({
        image,
        claimName: `${service}-data`,
        volumeMounts: [{ name: "storage", mountPath }],
        env,
        ...more,
      }),
    });
  const wanted = planned("Deployment", service, { spec: spec(variables(ours)) });
  return (env: Env, more: object = {}, has: Partial<Facts> = {}) =>
    outcome(wanted, facts([[wanted, live(wanted, { spec: spec(env, more) })]], has));
}

const n8nSettings = {
  DB_TYPE: "postgresdb",
  DB_POSTGRESDB_HOST: "postgres.local-ai-data.svc.cluster.local",
  DB_POSTGRESDB_DATABASE: "n8n",
  DB_POSTGRESDB_USER: "n8n",
};

describe("what adopt decides about a service that keeps its data in a database", () => {
  const n8n = deciding("n8n", "n8nio/n8n:2.41.3", "/home/node/.n8n", n8nSettings);
  const export_ =
    "export it (kubectl -n data exec deployment/n8n -- sh -c 'n8n export:workflow --backup " +
    "--output=/home/node/.n8n/export/workflow && n8n export:credentials --backup " +
    "--output=/home/node/.n8n/export/credentials && mv /home/node/.n8n/database.sqlite " +
    "/home/node/.n8n/database.sqlite.exported'), delete the workload, whose claim stays (kubectl -n data delete " +
    "deployment/n8n), adopt and update, and import it (kubectl -n data exec deployment/n8n -- sh -c 'n8n " +
    "import:workflow --separate --input=/home/node/.n8n/export/workflow && n8n import:credentials --separate " +
    "--input=/home/node/.n8n/export/credentials')";

  it("goes on with the same database, whatever form its host's name has", () => {
    for (const host of [
      "postgres.local-ai-data.svc.cluster.local",
      "postgres.local-ai-data.svc.cluster.local.",
      "postgres.local-ai-data.svc",
      "postgres.local-ai-data",
    ])
      assert.equal(n8n(variables({ ...n8nSettings, DB_POSTGRESDB_HOST: host })), "adopt", host);
  });
  it("is not started empty on PostgreSQL where its data is in SQLite", () => {
    const sqlite = (said: string) =>
      `Deployment data/n8n: DB_TYPE ${said}, so its data is in SQLite, in its files, and the service keeps it in ` +
      `PostgreSQL and would start empty; ${export_}`;
    assert.equal(n8n([]), sqlite("is not set"));
    assert.equal(n8n(variables({ DB_TYPE: "sqlite" })), sqlite("is sqlite"));
  });
  it("is not started on another kind of database, or one that can't be told", () => {
    const other = (said: string) =>
      `Deployment data/n8n: DB_TYPE ${said}, so its data is in another kind of database, and the service keeps it in ` +
      `PostgreSQL and would start empty; ${export_}`;
    assert.equal(n8n(variables({ DB_TYPE: "mysqldb" })), other("is mysqldb"));
    assert.equal(n8n(variables({ DB_TYPE_FILE: "/run/secrets/type" })), other("can't be told"));
    assert.equal(
      n8n([{ name: "DB_TYPE", valueFrom: { configMapKeyRef: { name: "n8n", key: "type" } } }]),
      other("can't be told"),
    );
  });
  it("reads what comes from ConfigMaps", () => {
    const settings = new Map([["ConfigMap data/n8n", n8nSettings as Record<string, string>]]);
    assert.equal(n8n([], { envFrom: [{ configMapRef: { name: "n8n" } }] }, { settings }), "adopt");
    const type = { name: "DB_TYPE", valueFrom: { configMapKeyRef: { name: "n8n", key: "DB_TYPE" } } };
    const rest = variables(n8nSettings).slice(1);
    assert.equal(n8n([type, ...rest], {}, { settings }), "adopt");
  });
  it("is not started on a server, a database or a schema that its data isn't in", () => {
    const moved =
      ": its data is not where the service looks, so it would start empty; dump that database (pg_dump -Fc -h HOST " +
      "-U ROLE -d DATABASE > n8n.dump), delete the workload, whose claim stays (kubectl -n data delete " +
      "deployment/n8n), adopt and update, and restore it there: pg_restore --clean --if-exists --no-owner --role n8n " +
      "-d n8n n8n.dump";
    for (const host of ["db.example.org", "postgres", "postgres.local-ai-data.com"])
      assert.equal(
        n8n(variables({ ...n8nSettings, DB_POSTGRESDB_HOST: host })),
        `Deployment data/n8n: DB_POSTGRESDB_HOST is ${host}, and postgres.local-ai-data.svc.cluster.local in the ` +
          `stack${moved}`,
      );
    assert.equal(
      n8n(variables({ ...n8nSettings, DB_POSTGRESDB_DATABASE: "flows", DB_TABLE_PREFIX: "n_" })),
      "Deployment data/n8n: DB_POSTGRESDB_DATABASE is flows, and n8n in the stack; DB_TABLE_PREFIX is n_, and empty " +
        `in the stack${moved}`,
    );
  });
  it("isn't kept out of tables that belong to another role", () =>
    assert.equal(
      n8n(variables({ ...n8nSettings, DB_POSTGRESDB_USER: "postgres" })),
      "Deployment data/n8n: DB_POSTGRESDB_USER is postgres, so its tables belong to that role, and the service logs " +
        "in " +
        'as n8n; give the tables to n8n and let deployment/n8n log in as n8n: docs/adopting.md, "A database of ' +
        'another role"',
    ));
  it("of Flowise is the same", () => {
    const ours = {
      DATABASE_TYPE: "postgres",
      DATABASE_HOST: "postgres.local-ai-data.svc.cluster.local",
      DATABASE_NAME: "flowise",
      DATABASE_USER: "flowise",
    };
    const flowise = deciding("flowise", "flowiseai/flowise:3.1.3", "/home/node/.flowise", ours);
    assert.equal(flowise(variables(ours)), "adopt");
    assert.equal(
      flowise([]),
      "Deployment data/flowise: DATABASE_TYPE is not set, so its data is in SQLite, in its files, and the service " +
        "keeps " +
        "it in PostgreSQL and would start empty; export it in its web interface (Settings, Export), set its database " +
        "aside (kubectl -n data exec deployment/flowise -- mv /home/node/.flowise/database.sqlite " +
        "/home/node/.flowise/database.sqlite.exported), delete the workload, whose claim stays (kubectl -n data " +
        "delete " +
        "deployment/flowise), adopt and update, and import it there (Settings, Import); credentials are not in the " +
        "export and have to be entered again",
    );
  });
});
