import type { WorkloadRef } from "../../../kube/pods";

/** A service whose acknowledged writes are counted while it moves. */
export interface Subject {
  name: string;
  ref: WorkloadRef;
  /** The volume's name in the names of its jobs. */
  volume: string;
  /** Shell: writes the number $i over the network, and prints 1 when that was acknowledged. */
  write: string;
  /** Variables of the writer: from the service's Secret, or plain. */
  env: { name: string; value?: string; secretKey?: string }[];
  /** In the service's container: makes what is written to. */
  prepare: string;
  /** In the service's container: prints every number that is stored, one a line. */
  read: string;
  /** In the service's container: some megabytes more, so that a copy takes its time. */
  fill: string;
  /** Whether its claim comes from a StatefulSet's template. */
  template?: boolean;
  /** Name of the claim of a generation. */
  claim(generation: number): string;
}

const suffix = (generation: number) => (generation === 1 ? "" : `-${generation}`);
const insert = 'psql -Xqtc "insert into writes values ($i) returning 1" | tr -d " \\n"';

function postgresql(
  name: string,
  namespace: string,
  user: string,
  database: string,
  secretKey: string,
): Omit<Subject, "claim"> {
  const psql = (sql: string) => `psql -X -q -v ON_ERROR_STOP=1 -U ${user} -d ${database} -Atc "${sql}"`;
  return {
    name,
    ref: { namespace, kind: "StatefulSet", workload: name },
    volume: "postgres-data",
    write: insert,
    env: [
      { name: "PGHOST", value: name },
      { name: "PGUSER", value: user },
      { name: "PGDATABASE", value: database },
      { name: "PGCONNECT_TIMEOUT", value: "2" },
      { name: "PGPASSWORD", secretKey },
    ],
    prepare: psql("create table if not exists writes (n bigint primary key)"),
    read: psql("select n from writes"),
    fill: psql(
      "create table if not exists filling as select md5(i::text) || md5((i + 1)::text) as text from " +
        "generate_series(1, 150000) as i",
    ),
  };
}

/**
 * A Deployment with a claim, a StatefulSet with one, and a StatefulSet whose controller names the claim: the real
 * programs.
 */
export const subjects: Subject[] = [
  {
    name: "redis",
    ref: { namespace: "local-ai-system", kind: "Deployment", workload: "redis" },
    volume: "redis-data",
    // A connection that nobody answers is tried again after seconds by the kernel alone, which would count as the
    // service's.
    write: "timeout 2 redis-cli -h redis sadd writes $i",
    env: [{ name: "REDISCLI_AUTH", secretKey: "password" }],
    prepare: "true",
    read: "redis-cli smembers writes",
    fill: "redis-cli eval \"for i = 1, 150000 do redis.call('set', 'filling:' .. i, string.rep('x', 64)) end\" 0",
    claim: (generation) => `redis-data${suffix(generation)}`,
  },
  {
    ...postgresql("postgres", "local-ai-data", "postgres", "postgres", "password"),
    claim: (generation) => `postgres-data${suffix(generation)}`,
  },
  {
    ...postgresql("taskflow-db", "taskflow", "taskflow", "taskflow_db", "db-password"),
    template: true,
    claim: (generation) => `postgres-data${suffix(generation)}-taskflow-db-0`,
  },
];
