import assert from "node:assert/strict";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import type { Cluster } from "./fixture";
import type { OwnStackFile } from "./own-stack-file";

const server: WorkloadRef = { namespace: "taskflow", kind: "StatefulSet", workload: "taskflow-db" };

/** Makes of the database what earlier versions had: the administrator's, with what is in it. */
const asBefore = [
  "set role none",
  "alter role taskflow in database taskflow_db reset role",
  "reassign owned by taskflow_app to taskflow",
  "alter database taskflow_db owner to taskflow",
  "drop owned by taskflow_app",
  "drop role taskflow_app",
  "create table tasks (id serial primary key, title text)",
  "insert into tasks (title) values ('kept')",
];

/** Taskflow's database: new, then as an earlier version left it, and after a rotation that carries it over. */
export async function assertOwnRole({ kube }: Cluster, file: OwnStackFile): Promise<void> {
  const run = async (script: string, input?: string) => {
    const pod = await waitForReadyPod(kube, server, 120_000);
    return execInPod(kube, server.namespace, pod.metadata!.name!, server.workload, ["sh", "-c", script], { input });
  };
  const secret = async () => {
    const { data } = await kube.core.readNamespacedSecret({ namespace: server.namespace, name: "taskflow" });
    return Buffer.from(data!["database-password"]!, "base64").toString();
  };
  const asTaskflow = async (sql: string) => {
    const psql =
      'IFS= read -r PGPASSWORD; export PGPASSWORD; psql -X -w -h "$HOSTNAME" -U taskflow_app -d taskflow_db -Atc';
    const { stdout, stderr } = await run(`${psql} "${sql}"`, `${await secret()}\n`);
    return (stdout + stderr).trim();
  };
  const assertNoShell = async () => {
    assert.equal(await asTaskflow("create table new (line text)"), "CREATE TABLE");
    assert.match(await asTaskflow("copy new from program 'id'"), /^ERROR: {2}must be superuser or have privileges of/);
    assert.match(await asTaskflow("set role taskflow"), /^ERROR: {2}permission denied to set role "taskflow"$/);
    assert.equal(await asTaskflow("drop table new"), "DROP TABLE");
  };
  await assertNoShell();
  const undone = await run(
    `psql -X -v ON_ERROR_STOP=1 -U taskflow -d taskflow_db ${asBefore.map((sql) => `-c "${sql}"`).join(" ")}`,
  );
  assert.equal(undone.exitCode, 0, undone.stderr);

  const { exitCode, printed } = await file.run("rotate", "taskflow-db", "--yes");
  assert.equal(exitCode, 0, printed);
  assert.ok(
    printed.includes(
      "taskflow: passwords number 2; the new database-password (taskflow-db) is taken and the one before is refused",
    ),
    printed,
  );
  assert.equal(await asTaskflow("select title from tasks"), "kept");
  assert.equal(await asTaskflow("alter table tasks add done boolean"), "ALTER TABLE");
  await assertNoShell();
}
