import assert from "node:assert/strict";
import { planOf } from "../stack";
import { of, said, servicesOf, stack } from "./defaults-fixture";

const taskflow = (settings = "") =>
  `taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }${settings && `, ${settings}`} }`;
const mine = ["A", "B", "C", "TZ"];
const variables = (service?: { container: { env: { name: string }[] } }) =>
  service?.container.env.filter(({ name }) => mine.includes(name));

describe("variables of all services at once", () => {
  const defaults = "{ env: { A: all, B: all, C: { secret: { name: mail, key: password } }, TZ: Europe/Berlin } }";
  const [a, b] = ["A", "B"].map((name) => ({ name, value: "all" }));
  const c = { name: "C", from: { kind: "Secret", name: "mail", key: "password" } };
  const zone = { name: "TZ", value: "Europe/Berlin" };

  it("is merged by name, the service's own value wins, and null takes one or all away", () => {
    const { redis, qdrant, searxng, neo4j } = servicesOf(
      defaults,
      of("redis"),
      of("qdrant", "env: { A: own, C: null }"),
      of("searxng", "env: null"),
      of("neo4j", "env: { A: { configMap: { name: x, key: y } }, B: null, TZ: null }"),
    );
    assert.deepEqual(variables(redis), [a, b, c, zone]);
    assert.deepEqual(variables(qdrant), [{ name: "A", value: "own" }, b, zone]);
    assert.deepEqual(variables(searxng), []);
    assert.deepEqual(variables(neo4j), [{ name: "A", from: { kind: "ConfigMap", name: "x", key: "y" } }, c]);
  });

  it("comes before the service's own, whose values can have the defaults in them", () => {
    const { redis } = servicesOf(defaults, of("redis", 'env: { OWN: "$(TZ)", A: own }'));
    const names = redis!.container.env.map(({ name }) => name);
    assert.deepEqual(names.slice(-5), ["A", "B", "C", "TZ", "OWN"]);
  });

  it("applies to the user's own program, and replaces what the example sets", () => {
    const program = (defaults: string, settings = "") =>
      servicesOf(defaults, of("taskflow-db"), taskflow(settings)).taskflow!.container.env;
    const example = program("{}");
    const { name } = example[0]!;
    assert.deepEqual(
      program(`{ env: { ${name}: mine, A: all } }`).filter((each) => each.name === name || each.name === "A"),
      [{ name, value: "mine" }, a],
    );
    assert.deepEqual(program(`{ env: { ${name}: mine } }`, `env: { ${name}: null }`), example);
  });

  it("is refused once where services reserve it, with their reasons and the way out", () => {
    assert.deepEqual(
      said(
        "{ env: { PGDATA: /x, N8N_ENCRYPTION_KEY: x, HOME: /x, A: all } }",
        of("postgres"),
        of("redis"),
        of("n8n"),
        of("flowise"),
        of("taskflow-db"),
      ),
      [
        "defaults.env.PGDATA: doesn't fit postgres and taskflow-db: can't be set here: the data is in that " +
          "directory, and in another one the server would start empty; set it at the services that it fits " +
          "instead, or take it away at each of them with services.SERVICE.env.PGDATA: null",
        "defaults.env.N8N_ENCRYPTION_KEY: doesn't fit n8n: can't be set here: the credentials in the database were " +
          "encrypted with the stack's key; set it at the services that it fits instead, or take it away with " +
          "services.n8n.env.N8N_ENCRYPTION_KEY: null",
        "defaults.env.HOME: doesn't fit n8n: can't be set here: its files are on the volume, and elsewhere they " +
          "would go with the pod; doesn't fit flowise: can't be set here: its files are on the volume, and " +
          "elsewhere those of before would be missing; set it at the services that it fits instead, or take it " +
          "away at each of them with services.SERVICE.env.HOME: null",
      ],
    );
    assert.deepEqual(said("{ env: { PGDATA: /x } }", of("postgres", "env: { PGDATA: null }"), of("redis")), []);
  });

  it("is refused at the service where that says it itself", () => {
    assert.deepEqual(said("{ env: { PGDATA: /x } }", of("redis"), of("postgres", "env: { PGDATA: /y }")), [
      "services.postgres.env.PGDATA: can't be set here: the data is in that directory, and in another one the " +
        "server would start empty",
    ]);
  });

  it("is refused with no way round where it fits no service, and once where it is no variable at all", () => {
    assert.deepEqual(said("{ env: { PGDATA: /x } }", of("postgres")), [
      "defaults.env.PGDATA: doesn't fit postgres: can't be set here: the data is in that directory, and in another " +
        "one the server would start empty; leave it out here, and set what fits at the services themselves",
    ]);
    assert.deepEqual(said('{ env: { "A B": x } }', of("redis"), of("qdrant")), [
      'defaults.env.A B: is no name of a variable; one has letters, digits, "_", "-" and ".", and begins with a ' +
        'letter or "_"',
    ]);
  });

  it("that is wrong in itself adds no fault of the services that take it away", () => {
    assert.deepEqual(said("{ env: { A: 3 } }", of("redis", "env: { A: null }"), of("qdrant", "env: null")), [
      "defaults.env.A: must be text, not 3; put it in quotes",
    ]);
  });

  it("is told from the service's own value where a null has no default to take away", () => {
    assert.deepEqual(variables(servicesOf("{}", of("redis", "env: { A: null, B: all }")).redis), [b]);
    const without = stack("{}", of("redis", "env: { A: null }")).replace("  cluster-storage:defaults: {}\n", "");
    assert.deepEqual(
      planOf(without).faults.map(({ path, message }) => `${path}: ${message}`),
      ["services.redis.env.A: must be text, not null"],
    );
  });
});
