import assert from "node:assert/strict";
import { parse } from "yaml";
import { image } from "../../config/forms";
import { bytes } from "../../model/quantity";
import type { CheckStep, Probe } from "../../model/container";
import { catalogue } from "../../services/catalogue";
import type { Loose } from "../components/recorded";
import { committedStacks } from "../stack";

/** What the seeds have: kind, namespace, claims with their sizes. */
const seeds: [string, string, string, Record<string, string>][] = [
  ["redis", "Deployment", "local-ai-system", { "redis-data": "10Gi" }],
  ["flowise", "Deployment", "local-ai-flowise", { "flowise-data": "10Gi" }],
  ["searxng", "Deployment", "local-ai-search", { "searxng-data": "5Gi" }],
  ["postgres", "StatefulSet", "local-ai-data", { "postgres-data": "100Gi" }],
  ["qdrant", "StatefulSet", "local-ai-data", { "qdrant-data": "50Gi" }],
  ["neo4j", "StatefulSet", "local-ai-data", { "neo4j-data": "50Gi" }],
  ["n8n", "Deployment", "local-ai-n8n", { "n8n-data": "20Gi" }],
  ["taskflow-db", "StatefulSet", "taskflow", { "postgres-data": "10Gi" }],
  ["taskflow", "Deployment", "taskflow", { "app-storage": "10Gi", "logs-storage": "5Gi", "file-storage": "10Gi" }],
];

describe("catalogue", () => {
  it("has the seeds' services and no others", () =>
    assert.deepEqual([...catalogue.keys()].sort(), seeds.map(([name]) => name).sort()));

  for (const [name, kind, namespace, claims] of seeds) {
    const spec = catalogue.get(name)!;

    it(`${name} is of the seed's kind, in its namespace, with its claims`, () => {
      assert.deepEqual(
        [spec.kind, spec.namespace, spec.claims.map(({ name }) => name)],
        [kind, namespace, Object.keys(claims)],
      );
    });

    it(`${name} has the seed's size in prod`, () => {
      const { config } = parse(committedStacks().get("prod")!) as { config: Record<string, Loose> };
      const settings = config["cluster-storage:services"]![name];
      assert.deepEqual(
        spec.claims.map(({ key }) => (key ? settings[key].size : settings.size)),
        Object.values(claims),
      );
    });

    it(`${name} pins its image, and takes no more memory than it may`, () => {
      assert.equal(image.safeParse(spec.image).success, true, spec.image);
      assert.ok(bytes(spec.resources.requests.memory!)! <= bytes(spec.resources.limits.memory!)!);
    });

    it(`${name} is asked by its probes and its check on ports that it has`, () => {
      const ports = spec.ports.map(({ port }) => port);
      const probes = Object.values(spec.probes) as Probe[];
      const asked = probes.flatMap(({ action }) =>
        "http" in action ? [action.http.port] : "tcp" in action ? [action.tcp] : [],
      );
      const checked = [...spec.check.write, ...spec.check.read].flatMap((step) =>
        "http" in step ? [step.http.port] : [],
      );
      for (const port of [...asked, ...checked]) assert.ok(ports.includes(port), `port ${port}`);
      assert.equal(spec.check.container, spec.name);
    });

    it(`${name} writes both key and value, and reads by the key`, () => {
      const text = (steps: CheckStep[]) => JSON.stringify(steps);
      assert.ok(text(spec.check.write).includes("{{key}}") && text(spec.check.write).includes("{{value}}"));
      assert.ok(text(spec.check.read).includes("{{key}}") && !text(spec.check.read).includes("{{value}}"));
    });

    it(`${name} has no other variables on a larger volume than on a small one, but for sized ones`, () => {
      const fixed = (volume: number) =>
        (spec.env?.({ host: (service) => service, memory: 2 ** 31, volume }) ?? []).map((entry) =>
          "sized" in entry ? entry.name : entry,
        );
      assert.deepEqual(fixed(2 ** 28), fixed(2 ** 50));
    });

    it(`${name} uses no secret that it doesn't have`, () => {
      const keys = (spec.secrets ?? []).map(({ key }) => key);
      for (const entry of spec.env?.({ host: (service) => service, memory: 2 ** 31, volume: 2 ** 31 }) ?? []) {
        if ("secret" in entry && !entry.of) assert.ok(keys.includes(entry.secret), entry.name);
        if ("secretFile" in entry) assert.ok(keys.includes(entry.secretFile), entry.name);
      }
      if (spec.database) assert.ok(keys.includes(spec.database.secret));
      if (spec.databases) assert.ok(keys.includes(spec.databases.secret));
    });

    it(`${name} has its database only in a service that offers databases`, () => {
      if (spec.database) assert.ok(catalogue.get(spec.database.service)?.databases, spec.database.service);
    });
  }

  it("mounts nothing over the files of Qdrant's and Neo4j's images", () => {
    const mounts = (name: string) =>
      catalogue.get(name)!.claims.flatMap(({ mounts }) => mounts.map(({ path }) => path));
    assert.deepEqual(mounts("qdrant"), ["/qdrant/storage", "/qdrant/snapshots"]);
    assert.deepEqual(mounts("neo4j"), ["/data", "/logs"]);
  });
});
