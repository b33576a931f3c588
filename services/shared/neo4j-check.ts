import type { PersistenceCheck } from "../../model/container";
import { shell } from "./export-recipes";
import { stoppedCheck } from "./stopped-check";

/**
 * cypher-shell takes name and password from these variables, so that no process list shows them. It prints a header and
 * text in quotes: `values` leaves only what is in the one column.
 */
const cypherAt = (scheme: string) => {
  const run = (query: string) =>
    `export NEO4J_USERNAME=neo4j NEO4J_PASSWORD="\${NEO4J_AUTH#neo4j/}"\n` +
    `answer=$(cypher-shell -a ${scheme}://127.0.0.1:7687 --format plain "${query}") || exit`;
  return {
    cypher: (query: string) => shell(run(query)),
    values: (query: string) => shell(`${run(query)}\nprintf '%s\\n' "$answer" | sed '1d; s/^"\\(.*\\)"$/\\1/'`),
  };
};

/**
 * Its consistency checker reads each database whole: nodes, relationships, properties and indexes. It takes as much of
 * the memory for their cache as the server does, since by itself it takes nine tenths of what is free
 * (neo4j.com/docs/operations-manual/5/tools/neo4j-admin/consistency-checker).
 */
const stopped = stoppedCheck(
  "neo4j-admin",
  " ERROR |^Failed|^Active logical log",
  `found=
for lock in /data/databases/*/database_lock; do
  [ -e "$lock" ] || continue
  found=1 database=\${lock%/*}
  checked neo4j-admin database check --report-path=/tmp/ \
    --max-off-heap-memory="\${NEO4J_server_memory_pagecache_size:-25%}" "\${database##*/}"
done
[ "$found" ] || { echo "there is no database in /data/databases"; exit 1; }`,
);

/** How its data is checked. `scheme`: by which cypher-shell connects in the container. */
export const check = (scheme: string): PersistenceCheck => {
  const { cypher, values } = cypherAt(scheme);
  return {
    container: "neo4j",
    write: [cypher("MERGE (c:PersistenceCheck {key: '{{key}}'}) SET c.value = '{{value}}'")],
    read: [values("MATCH (c:PersistenceCheck {key: '{{key}}'}) RETURN c.value")],
    remove: [cypher("MATCH (c:PersistenceCheck {key: '{{key}}'}) DETACH DELETE c")],
    list: [values("MATCH (c:PersistenceCheck) RETURN c.key")],
    stopped,
  };
};
