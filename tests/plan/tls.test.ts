import assert from "node:assert/strict";
import { planOf } from "../stack";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
`;
const pem = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n";
const on = "  cluster-storage:tls: { default: true }\n";

const planned = (services: string, tls = "") => planOf(`${header}${tls}  cluster-storage:services:\n${services}`);

function service(name: string, services: string, tls = "") {
  const { plan, faults } = planned(services, tls);
  assert.deepEqual(faults, []);
  return plan.services.find((found) => found.name === name)!;
}

const envOf = (name: string, services: string, tls = "") =>
  Object.fromEntries(
    service(name, services, tls).container.env.flatMap((entry) =>
      "value" in entry ? [[entry.name, entry.value]] : [],
    ),
  );

const postgresAndN8n = "    postgres: { size: 1Gi }\n    n8n: { size: 1Gi }\n";

describe("encrypted connections in the plan", () => {
  it("are not there unless the config says so, and leave no trace", () => {
    const { plan } = planned(postgresAndN8n);
    assert.ok(!("tls" in plan));
    for (const { tls, trusts, database, container } of plan.services) {
      assert.deepEqual([tls, trusts, database?.tls], [undefined, undefined, undefined]);
      assert.doesNotMatch(JSON.stringify(container), /SSL_|ssl=|CA_CERTS|run\/tls/);
    }
  });

  it("come by a service's own setting or by the stack's, and a service's own goes before", () => {
    const own = planned("    postgres: { size: 1Gi, tls: true }\n    redis: { size: 1Gi }\n");
    assert.deepEqual(own.plan.tls, { namespaces: ["local-ai-data"] });
    const all = planned("    postgres: { size: 1Gi, tls: false }\n    redis: { size: 1Gi }\n", on);
    assert.deepEqual(all.plan.tls, { namespaces: ["local-ai-system"] });
  });

  it("have a certificate for each name that a service and its pod are reached by", () => {
    assert.deepEqual(service("postgres", postgresAndN8n, on).tls, {
      names: [
        "postgres",
        "postgres.local-ai-data",
        "postgres.local-ai-data.svc",
        "postgres.local-ai-data.svc.cluster.local",
        "postgres-0.postgres-headless.local-ai-data",
        "postgres-0.postgres-headless.local-ai-data.svc",
        "postgres-0.postgres-headless.local-ai-data.svc.cluster.local",
        "localhost",
      ],
      secret: "postgres-tls",
    });
    assert.deepEqual(service("redis", "    redis: { size: 1Gi, namespace: mine }\n", on).tls!.names, [
      "redis",
      "redis.mine",
      "redis.mine.svc",
      "redis.mine.svc.cluster.local",
      "localhost",
    ]);
  });

  it("are verified by every client of the catalogue", () => {
    const n8n = service("n8n", postgresAndN8n, on);
    assert.deepEqual([n8n.trusts, n8n.database!.tls, n8n.tls], [true, true, undefined]);
    const { DB_POSTGRESDB_SSL_ENABLED, DB_POSTGRESDB_SSL_CA_FILE, DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED, ...rest } =
      envOf("n8n", postgresAndN8n, on);
    assert.deepEqual(
      [DB_POSTGRESDB_SSL_ENABLED, DB_POSTGRESDB_SSL_CA_FILE, DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED],
      ["true", "/run/tls/ca/ca.crt", "true"],
    );
    assert.equal(rest.NODE_EXTRA_CA_CERTS, "/run/tls/ca/ca.crt");
    const flowise = envOf("flowise", "    postgres: { size: 1Gi }\n    flowise: { size: 1Gi }\n", on);
    assert.deepEqual([flowise.DATABASE_SSL, flowise.NODE_EXTRA_CA_CERTS], ["true", "/run/tls/ca/ca.crt"]);
    const taskflow = "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }";
    const { PGSSLMODE, PGSSLROOTCERT, DATABASE_SSLMODE, DATABASE_SSLROOTCERT } = envOf(
      "taskflow",
      `${taskflow} }\n`,
      on,
    );
    assert.deepEqual(
      [PGSSLMODE, PGSSLROOTCERT, DATABASE_SSLMODE, DATABASE_SSLROOTCERT],
      ["verify-full", "/run/tls/ca/ca.crt", "verify-full", "/run/tls/ca/ca.crt"],
    );
    const own = envOf("taskflow", `${taskflow}, image: 'mine:1', env: { PGSSLMODE: verify-ca } }\n`, on);
    assert.equal(own.PGSSLMODE, "verify-ca", "the user's own variables go before");
  });

  it("are trusted by who is let at them by the config, without settings for a database that it doesn't need", () => {
    const services = `${postgresAndN8n.replace("postgres: { size: 1Gi }", "postgres: { size: 1Gi, tls: false }")}`;
    const qdrant = "    qdrant: { size: 1Gi }\n";
    const reaching = `${services.replace("n8n: { size: 1Gi", "n8n: { size: 1Gi, reaches: [qdrant]")}${qdrant}`;
    const env = envOf("n8n", reaching, on);
    assert.deepEqual([env.NODE_EXTRA_CA_CERTS, env.DB_POSTGRESDB_SSL_ENABLED], ["/run/tls/ca/ca.crt", undefined]);
    assert.equal(service("n8n", services, on).trusts, undefined);
  });

  it("are set at each server as its own program wants it", () => {
    const { command } = service("postgres", postgresAndN8n, on).container;
    assert.match(command![2]!, /postgres -c ssl=on -c ssl_cert_file=\/run\/tls\/server\/tls.crt/);
    const redis = service("redis", "    redis: { size: 1Gi }\n", on);
    assert.match(redis.container.command![2]!, /^port 0\ntls-port 6379\ntls-cert-file \/run\/tls\/server\/tls.crt$/m);
    assert.deepEqual(redis.container.probes.readiness.action, {
      exec: ["sh", "-c", 'test "$(redis-cli $REDISCLI_TLS ping)" = PONG'],
    });
    assert.deepEqual(redis.check.read, [
      { exec: ["redis-cli", "--tls", "--cacert", "/run/tls/ca/ca.crt", "get", "{{key}}"] },
    ]);
    const neo4j = service("neo4j", "    neo4j: { size: 1Gi }\n", on);
    assert.deepEqual(neo4j.container.ports, [
      { name: "https", port: 7473 },
      { name: "bolt", port: 7687 },
    ]);
    const neo4jEnv = envOf("neo4j", "    neo4j: { size: 1Gi }\n", on);
    assert.deepEqual(
      Object.entries(neo4jEnv).filter(([name]) => !/memory|AUTH|tx__log|usage/.test(name)),
      [
        ["NEO4J_server_bolt_tls__level", "REQUIRED"],
        ["NEO4J_server_http_enabled", "false"],
        ["NEO4J_server_https_enabled", "true"],
        ...["bolt", "https"].flatMap((scope) =>
          [
            ["enabled", "true"],
            ["base__directory", "/run/tls/server"],
            ["private__key", "tls.key"],
            ["public__certificate", "tls.crt"],
            ["trusted__dir", "/run/neo4j-clients"],
            ["revoked__dir", "/run/neo4j-clients"],
            ["client__auth", "NONE"],
          ].map(([key, value]) => [`NEO4J_dbms_ssl_policy_${scope}_${key}`, value]),
        ),
      ],
    );
    assert.ok(neo4j.container.scratch.includes("/run/neo4j-clients"));
    const qdrant = service("qdrant", "    qdrant: { size: 1Gi }\n", on);
    assert.deepEqual(qdrant.container.probes.readiness.action, {
      http: { path: "/readyz", port: 6333, scheme: "HTTPS" },
    });
    assert.equal("http" in qdrant.check.read[0]! && qdrant.check.read[0]!.http.serverName, "qdrant");
    assert.equal(envOf("qdrant", "    qdrant: { size: 1Gi }\n", on).QDRANT__SERVICE__ENABLE_TLS, "true");
  });

  it("are said not to be there where a stand-in answers", () => {
    const standIn = "    qdrant: { size: 1Gi, image: { ref: 'localhost/stand-in:1', standIn: true } }\n";
    const { plan, warnings, faults } = planned(standIn, on);
    assert.deepEqual([faults, plan.tls, plan.services[0]!.tls], [[], undefined, undefined]);
    assert.deepEqual(warnings, ["the connections to qdrant are not encrypted, because its image is a stand-in"]);
  });

  it("by cert-manager have a Secret of its own, and an issuer with its authority's certificate", () => {
    const certManager = `  cluster-storage:tls: { default: true, certManager: { issuer: home, ca: "${pem}" } }\n`;
    const { plan, faults } = planned(postgresAndN8n, certManager);
    assert.deepEqual(faults, []);
    assert.deepEqual(plan.tls!.certManager, {
      issuer: "home",
      kind: "ClusterIssuer",
      ca: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    });
    assert.equal(plan.services.find(({ name }) => name === "postgres")!.tls!.secret, "postgres-certificate");
  });
});
