import type { PersistenceCheck } from "../model/container";
import type { Engine } from "../model/engine-version";
import type { SecretTrial, ServiceSpec } from "../model/service-spec";
import { tlsDirectories } from "../model/tls";
import { containerRules } from "./shared/neo4j-settings";
import { sizeEnv } from "./shared/neo4j-sizes";
import { shell } from "./shared/export-recipes";
import { frozenExport } from "./shared/stopped-export";

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

const check = (scheme: string): PersistenceCheck => {
  const { cypher, values } = cypherAt(scheme);
  return {
    container: "neo4j",
    write: [cypher("MERGE (c:PersistenceCheck {key: '{{key}}'}) SET c.value = '{{value}}'")],
    read: [values("MATCH (c:PersistenceCheck {key: '{{key}}'}) RETURN c.value")],
    remove: [cypher("MATCH (c:PersistenceCheck {key: '{{key}}'}) DETACH DELETE c")],
    list: [values("MATCH (c:PersistenceCheck) RETURN c.key")],
  };
};

/** Neo4j lists the trusted and the revoked certificates of clients when it starts, though it asks for none. */
const noClients = "/run/neo4j-clients";

/** A policy of its SSL framework, as variables (neo4j.com/docs/operations-manual/5/docker/security). */
const policy = (scope: string) =>
  [
    ["enabled", "true"],
    ["base__directory", tlsDirectories.server],
    ["private__key", "tls.key"],
    ["public__certificate", "tls.crt"],
    ["trusted__dir", noClients],
    ["revoked__dir", noClients],
    ["client__auth", "NONE"],
  ].map(([key, value]) => ({ name: `NEO4J_dbms_ssl_policy_${scope}_${key}`, value: value ?? "" }));

/**
 * Bolt only encrypted, and HTTPS in the place of HTTP. cypher-shell in the container takes the certificate as it is
 * (bolt+ssc): it has the image's own trust store, and stays on the loopback interface.
 */
const encrypted: ServiceSpec["encrypted"] = ({ env, scratch = [] }) => ({
  ports: [
    { name: "https", port: 7473 },
    { name: "bolt", port: 7687 },
  ],
  env: (context) => [
    ...(env?.(context) ?? []),
    { name: "NEO4J_server_bolt_tls__level", value: "REQUIRED" },
    { name: "NEO4J_server_http_enabled", value: "false" },
    { name: "NEO4J_server_https_enabled", value: "true" },
    ...policy("bolt"),
    ...policy("https"),
  ],
  scratch: [...scratch, noClients],
  check: check("bolt+ssc"),
});

/**
 * Logs in as neo4j with $1 and runs a statement, which comes by standard input, as the password comes by a variable: no
 * list of processes shows them. Neo4j's own logs have stars in the place of a password (neo4j.com/docs, "Query
 * logging").
 */
const login = `login() {
  printf '%s;\\n' "$3" | NEO4J_USERNAME=neo4j NEO4J_PASSWORD="$1" cypher-shell -a "$2" -d system --format plain 2>&1
}`;

/**
 * Where the newest password is refused, the earlier ones are tried from the newest on: a volume of an earlier time may
 * have any of them. After three wrong ones Neo4j lets nobody in for five seconds (auth_lock_time).
 */
const renew = `${login}
to="$SCHEME://$SERVER:7687"
eval "new=\\$VALUE_$NEWEST"
number=$NEWEST
while [ "$number" -ge 1 ]; do
  eval "value=\\$VALUE_$number"
  if answer=$(login "$value" "$to" "show current user"); then
    [ "$number" -eq "$NEWEST" ] && exit 0
    login "$value" "$to" "alter user neo4j set password '$new' change not required" && exit 0
    exit 1
  fi
  case "$answer" in
    *nauthorized*|*uthentication*) number=$((number - 1)); sleep 6 ;;
    *) echo "waiting for Neo4j on $SERVER"; sleep 2 ;;
  esac
done
echo "Neo4j on $SERVER takes none of the $NEWEST passwords that the stack knows" >&2
exit 1`;

const trial: SecretTrial = {
  step: {
    exec: [
      "sh",
      "-c",
      `${login}
case "$NEO4J_server_bolt_tls__level" in REQUIRED) scheme=bolt+ssc ;; *) scheme=bolt ;; esac
IFS= read -r value; login "$value" "$scheme://127.0.0.1:7687" "show current user"`,
    ],
  },
  refused: "nauthorized|uthentication",
};

/**
 * Neo4j goes up within 5 at will, and over 5.26 to the versions that are named by year and month. It never goes down.
 * The files of 4 have to be migrated by a program of their own (neo4j.com/docs/upgrade-migration-guide).
 */
const engine: Engine = {
  name: "Neo4j",
  images: ["neo4j"],
  parts: 2,
  up: "any",
  down: "none",
  barriers: [
    {
      below: "5.0",
      to: "5.0",
      wayOut: "dump its databases with neo4j-admin, load them into a new, empty volume, and migrate them there",
    },
    { below: "5.26", to: "2025.01", wayOut: "go to the newest 5.26 first, and from there on" },
  ],
  dump: "load a dump that the older version made (neo4j-admin database load) into a new, empty volume",
};

export const service: ServiceSpec = {
  name: "neo4j",
  component: "graph-database",
  namespace: "local-ai-data",
  kind: "StatefulSet",
  image: "neo4j:5.26.29-community",
  engine,
  identity: { uid: 7474, gid: 7474 },
  ports: [
    { name: "http", port: 7474 },
    { name: "bolt", port: 7687 },
  ],
  claims: [
    {
      name: "neo4j-data",
      mounts: [
        { path: "/data", subPath: "data" },
        { path: "/logs", subPath: "logs" },
      ],
    },
  ],
  env: ({ memory, volume }) => [
    // The entrypoint takes every NEO4J_ variable for a setting and refuses unknown ones, so the password's
    // variable has another prefix.
    { name: "GRAPH_PASSWORD", secret: "password" },
    { name: "NEO4J_AUTH", value: "neo4j/$(GRAPH_PASSWORD)" },
    ...sizeEnv(memory, volume),
    { name: "NEO4J_dbms_usage__report_enabled", value: "false" },
  ],
  ...containerRules,
  secrets: [{ key: "password", boundToData: true, renewal: { command: ["sh", "-c", renew], port: 7687 }, trial }],
  // The entrypoint writes the settings above into its neo4j.conf.
  readOnlyRoot: false,
  scratch: ["/tmp"],
  probes: {
    startup: { action: { tcp: 7687 }, periodSeconds: 5, failureThreshold: 1000 },
    readiness: { action: { tcp: 7687 }, periodSeconds: 5 },
    liveness: { action: { tcp: 7687 }, periodSeconds: 20, failureThreshold: 6 },
  },
  resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "2Gi" } },
  graceSeconds: 120,
  fileShare: {
    verdict: "unwise",
    because: "Neo4j maps its store into memory and locks it, which a share does slowly and not always soundly",
  },
  data: { marks: ["databases", "transactions"] },
  exportRecipe: (mounts) => frozenExport("neo4j", "java", mounts),
  localRecipe: { name: "neo4j" },
  check: check("bolt"),
  encrypted,
};
