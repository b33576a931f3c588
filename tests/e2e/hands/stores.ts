import type { WorkloadRef } from "../../../kube/pods";
import { subjects } from "../moves/subjects";

/** A service that keeps what it acknowledges: the real program, written to and read from in its own container. */
export interface Store {
  name: string;
  ref: WorkloadRef;
  /** The claim's name in the commands and in the stack file. */
  claim: (generation: number) => string;
  /** Shell: makes what is written to. */
  prepare: string;
  /** Shell: writes the record; ends well once it is on disk. */
  write: (record: string) => string;
  /** Shell: prints every record, one a line. */
  read: string;
}

const psql = (user: string, database: string, sql: string) =>
  `psql -X -q -v ON_ERROR_STOP=1 -U ${user} -d ${database} -Atc "${sql}"`;

function postgresql(user: string, database: string): Pick<Store, "prepare" | "write" | "read"> {
  return {
    prepare: psql(user, database, "create table if not exists records (record text primary key)"),
    write: (record) => psql(user, database, `insert into records values ('${record}')`),
    read: psql(user, database, "select record from records"),
  };
}

const programs: Record<string, Pick<Store, "prepare" | "write" | "read">> = {
  redis: {
    prepare: "true",
    // What Redis has appended is on disk a second later.
    write: (record) => `test "$(redis-cli sadd records ${record})" = 1 && sleep 1.2`,
    read: "redis-cli smembers records",
  },
  postgres: postgresql("postgres", "postgres"),
  "taskflow-db": postgresql("taskflow", "taskflow_db"),
};

/** A Deployment with a claim, a StatefulSet with one, and a StatefulSet whose template makes it. */
export const stores: Store[] = subjects.map(({ name, ref, claim }) => ({ name, ref, claim, ...programs[name]! }));
