import assert from "node:assert/strict";
import { catalogue } from "../../services/catalogue";
import { deployConfig } from "../components/deployed";
import type { Loose, Recorded } from "../components/recorded";
import { committedStacks } from "../stack";
import { secretArguments, type Variable } from "./arguments";

/** Every container that a stack's objects have, with the name of its object. */
const containersOf = (all: Recorded[]) =>
  all.flatMap(({ type, name, inputs }) => {
    const pod = (inputs.spec?.jobTemplate?.spec ?? inputs.spec)?.template?.spec as Loose | undefined;
    return [...((pod?.initContainers ?? []) as Loose[]), ...((pod?.containers ?? []) as Loose[])].map((container) => ({
      of: `${type.split(":").at(-1)} ${name}/${container.name}`,
      container,
    }));
  });

const execs = (value: unknown): string[][] => {
  if (typeof value !== "object" || value === null) return [];
  const { exec, blocks } = value as { exec?: string[] | { command: string[] }; blocks?: string[] };
  const own = [exec, blocks].flatMap((list) => (list === undefined ? [] : [Array.isArray(list) ? list : list.command]));
  return [...own, ...Object.values(value).flatMap(execs)];
};

describe("the arguments of every program", () => {
  for (const [stack, yaml] of committedStacks())
    it(`have no secret in any container of ${stack}, in what starts it and in what asks whether it lives`, async () => {
      const found = containersOf(await deployConfig(yaml));
      assert.ok(found.length > 10);
      for (const { of, container } of found) {
        const { command = [], args = [], env = [], startupProbe, readinessProbe, livenessProbe, lifecycle } = container;
        for (const run of [[...command, ...args], ...execs([startupProbe, readinessProbe, livenessProbe, lifecycle])])
          assert.deepEqual(secretArguments(run as string[], env as Variable[]), [], of);
      }
    });

  for (const [name, spec] of catalogue)
    it(`have no secret in what checks, holds and reads ${name}`, () => {
      const env = (spec.env?.({ host: (service) => service, memory: 1024 ** 3, volume: 1024 ** 3 }) ?? []).map(
        (entry): Variable => {
          // A part with a fixed value, such as a role's name, is no secret.
          const open = "secret" in entry && spec.secrets?.some(({ key, value }) => key === entry.secret && value);
          if ("secret" in entry && !open) return { name: entry.name, valueFrom: { secretKeyRef: {} } };
          if ("sized" in entry) return { name: entry.name, value: entry.sized };
          return { name: entry.name, value: "value" in entry ? entry.value : `/run/secrets/${name}/key` };
        },
      );
      const recipes = spec.claims.map(({ mounts }) => spec.exportRecipe?.(mounts));
      const all = execs([spec.check, recipes, { exec: spec.serverFacts }]);
      assert.ok(all.length > 0);
      for (const command of all) assert.deepEqual(secretArguments(command, env), [], command.join(" "));
    });
});

describe("a secret in an argument", () => {
  const env: Variable[] = [
    { name: "PASSWORD", valueFrom: { secretKeyRef: {} } },
    { name: "AUTH", value: "neo4j/$(PASSWORD)" },
    { name: "PASSWORD_FILE", value: "/run/secrets/neo4j/password" },
    { name: "HOST", value: "here" },
  ];
  const sh = (script: string) => ["sh", "-c", script];
  const bad: [string[], string[]][] = [
    [["redis-server", "$(PASSWORD)"], ["$(PASSWORD)"]],
    [["tool", "--password", "x"], ["--password"]],
    [["tool", "--token=x"], ["--token=x"]],
    [sh('redis-cli -a "$PASSWORD" ping'), ['redis-cli -a "$PASSWORD" ping']],
    [sh('cypher-shell -p "${AUTH#neo4j/}"'), ['cypher-shell -p "${AUTH#neo4j/}"']],
    [sh('word=$PASSWORD; curl -u "me:$word" http://x'), ['curl -u "me:$word" http://x']],
    [sh('word=$(printf %s "$PASSWORD" | tr a b)\nif true; then exec tool "$word"; fi'), ['tool "$word"']],
    [sh('tool "$(cat "$PASSWORD_FILE")"'), ['cat "$PASSWORD_FILE")"']],
    [sh("psql -c \"alter role x password '$PASSWORD'\""), ["psql -c \"alter role x password '$PASSWORD'\""]],
    [sh("echo a | tool --requirepass x"), ["tool --requirepass x"]],
  ];
  for (const [command, found] of bad)
    it(`is found: ${command.join(" ")}`, () => assert.deepEqual(secretArguments(command, env), found));

  const good = [
    sh('export TOOL_PASSWORD="${AUTH#neo4j/}"\ntool --host $HOST'),
    sh('TOOL_PASSWORD="$PASSWORD" tool --host "$HOST"'),
    sh('printf %s "$PASSWORD" | tool --stdin'),
    sh('tool - <<EOF\nrequirepass "$PASSWORD"\nEOF\n'),
    ["mkdir", "-p", "$(HOST)"],
  ];
  for (const command of good)
    it(`is not found in: ${command.join(" ")}`, () => assert.deepEqual(secretArguments(command, env), []));
});
