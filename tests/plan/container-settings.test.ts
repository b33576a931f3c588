import assert from "node:assert/strict";
import { Hidden } from "../../model/hidden";
import { catalogue } from "../../services/catalogue";
import { planOf } from "../stack";
import { service } from "./plan-fixture";

const containerOf = (name: string, settings: string) =>
  service(
    `    postgres: { size: 1Gi }\n`.repeat(name === "postgres" ? 0 : 1) + `    ${name}: { size: 1Gi, ${settings} }`,
    name,
  ).container;
const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
`;
const faultsOf = (services: string, more = "") =>
  planOf(`${header}${more}  cluster-storage:services:\n${services}`).faults.map(
    ({ path, message }) => `${path}: ${message}`,
  );

describe("a container's settings", () => {
  describe("env", () => {
    it("comes behind the catalogue's variables, in each of its forms", () => {
      const { env } = containerOf(
        "n8n",
        "env: { WEBHOOK_URL: https://n8n.example.org/, PASS: { secret: { name: mail, key: password } }, " +
          "HOST_: { configMap: { name: mail, key: host } } }",
      );
      assert.deepEqual(env.slice(-4), [
        { name: "DB_POSTGRESDB_PASSWORD_FILE", secretFile: "database-password" },
        { name: "WEBHOOK_URL", value: "https://n8n.example.org/" },
        { name: "PASS", from: { kind: "Secret", name: "mail", key: "password" } },
        { name: "HOST_", from: { kind: "ConfigMap", name: "mail", key: "host" } },
      ]);
    });

    it("may be secret in every service, and shows no value", () => {
      for (const [name, { claims, ownProgram }] of catalogue) {
        if (claims.some(({ key }) => key) || ownProgram) continue;
        const { env } = containerOf(name, "env: { MY_KEY: { secure: v1:abc } }");
        const entry = env.at(-1)!;
        assert.ok("hidden" in entry && entry.hidden instanceof Hidden, name);
      }
    });

    it("replaces what the catalogue only suggests, in its place and once", () => {
      const named = (name: string, settings: string, variable: string) =>
        containerOf(name, settings).env.filter((entry) => entry.name === variable);
      assert.deepEqual(named("n8n", 'env: { N8N_DIAGNOSTICS_ENABLED: "true" }', "N8N_DIAGNOSTICS_ENABLED"), [
        { name: "N8N_DIAGNOSTICS_ENABLED", value: "true" },
      ]);
      const heap = "NEO4J_server_memory_heap_max__size";
      assert.deepEqual(named("neo4j", `env: { ${heap}: 1g }`, heap), [{ name: heap, value: "1g" }]);
    });

    it("can replace no other variable of the catalogue, but the user's own program can", () => {
      for (const [name, spec] of catalogue) {
        if (spec.ownProgram) continue;
        const own = (spec.env?.({ host: () => "", memory: 2 ** 31, volume: 2 ** 31 }) ?? []).map((entry) => entry.name);
        for (const variable of own) {
          const key = `services.${name}.env.${variable}`;
          const faults = faultsOf(
            `    postgres: { size: 1Gi }\n`.repeat(name === "postgres" ? 0 : 1) +
              `    ${name}: { size: 1Gi, env: { ${variable}: x } }`,
          );
          assert.equal(
            faults.some((fault) => fault.startsWith(`${key}: can't be set here: `)),
            !spec.replaceable?.includes(variable),
            key,
          );
        }
        for (const variable of spec.replaceable ?? []) assert.ok(own.includes(variable), `${name} has no ${variable}`);
      }
    });

    it("leaves Node's authorities to the stack where it encrypts, and to the config where it doesn't", () => {
      const services =
        "    postgres: { size: 1Gi }\n" +
        '    n8n: { size: 1Gi, env: { NODE_EXTRA_CA_CERTS: /opt/ca.crt, NODE_TLS_REJECT_UNAUTHORIZED: "0" } }';
      assert.deepEqual(faultsOf(services), []);
      assert.deepEqual(faultsOf(services, "  cluster-storage:tls: { default: true }\n"), [
        "services.n8n.env.NODE_EXTRA_CA_CERTS: can't be set here: it has the stack's authority, by which encrypted " +
          "services are verified; docs/settings.md says how to add another one",
        "services.n8n.env.NODE_TLS_REJECT_UNAUTHORIZED: can't be set here: it turns off the verification of the " +
          "stack's encrypted services",
      ]);
    });

    it("takes what isn't the catalogue's, siblings of what is", () => {
      const taken: Record<string, string> = {
        n8n: "N8N_PROTOCOL: https, N8N_HOST: n8n.example.org, TZ: Europe/Berlin, DB_POSTGRESDB_POOL_SIZE: '4'",
        neo4j: "NEO4J_dbms_security_procedures_unrestricted: apoc.*, NEO4J_server_directories_import: /x",
        qdrant: "QDRANT__LOG_LEVEL: INFO, QDRANT__SERVICE__READ_ONLY_API_KEY: x",
        flowise: "FLOWISE_FILE_SIZE_LIMIT: 50mb, JWT_TOKEN_EXPIRY_IN_MINUTES: '60'",
        searxng: "SEARXNG_BASE_URL: https://search.example.org/",
        redis: "TZ: Europe/Berlin",
      };
      for (const [name, env] of Object.entries(taken))
        assert.deepEqual(
          faultsOf(`    postgres: { size: 1Gi }\n    ${name}: { size: 1Gi, env: { ${env} } }`),
          [],
          name,
        );
    });
  });

  describe("args", () => {
    it("reach the server behind the catalogue's, and change no command where there are none", () => {
      const plain = containerOf("postgres", "args: []");
      assert.deepEqual([plain.command, plain.args], [catalogue.get("postgres")!.command, undefined]);
      const args = ["-c", "log_min_duration_statement=500", "--work-mem=8MB", "-cjit=off"];
      const { command, args: given } = containerOf("postgres", `args: ${JSON.stringify(args)}`);
      assert.deepEqual(command, ["sh", "-c", `${catalogue.get("postgres")!.command![2]} "$@"`]);
      assert.match(command![2]!, /\nexec docker-entrypoint\.sh postgres \$tuned "\$@"$/);
      assert.deepEqual(given, ["postgres", ...args]);
    });

    it("come before what Redis reads from its standard input", () => {
      const { command, args } = containerOf("redis", 'args: ["--maxclients", "500"]');
      assert.match(command![2]!, /\nexec redis-server - --dir .* --appendfsync everysec "\$@" <<EOF\nrequirepass/);
      assert.deepEqual(args, ["redis-server", "--maxclients", "500"]);
    });

    it("reach a server that encrypts too", () => {
      const services =
        "    postgres: { size: 1Gi, tls: true, args: ['-c', 'jit=off'] }\n" +
        "    redis: { size: 1Gi, tls: true, args: ['--maxclients', '9'] }";
      const [postgres, redis] = ["postgres", "redis"].map((name) => service(services, name).container.command![2]!);
      assert.match(postgres!, / -c ssl_min_protocol_version=TLSv1\.2 \$tuned "\$@"$/);
      assert.match(redis!, / everysec "\$@" <<EOF\nrequirepass "\$password"\n(maxmemory.*\n)+port 0\n/);
    });

    it("of the user's own program are all that it has, as before", () => {
      const base = "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }";
      assert.deepEqual(service(`${base}, args: [-D, --port] }`, "taskflow").container.args, ["-D", "--port"]);
    });
  });
});
