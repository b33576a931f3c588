import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describeFaults } from "../../config/faults";
import { known } from "../../known";
import { firstImages } from "../../plan/new-images";
import { stackOutputs } from "../../plan/outputs";
import { planStack } from "../../plan/stack";
import { dependencies, one, secretOf, type Recorded } from "../components/recorded";
import { marked, plainPart, printedBy, shownIn } from "./marked";
import { create, readSecretConfig, valuesOf } from "./stack";

const [apiKey, other] = [marked("api"), marked("other")];

/** Every kind of place that takes a secret, and every kind of object that a service with one has: moves, a clean-up. */
const stack = (taskflow = "", backend = "pod") =>
  valuesOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    pod: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:services:
    postgres: { size: 1Gi }
    n8n: { size: 1Gi }
    neo4j: { size: 1Gi }
    taskflow-db: { size: 1Gi }
    taskflow:
      storage: { size: 1Gi, backend: ${backend}, generation: 2, kept: [{ generation: 1, size: 1Gi }] }
      logs: { size: 1Gi }
      files: { size: 1Gi, cleanup: { olderThan: 30d } }
      env: { MODE: plain, API_KEY: { secure: ${apiKey} }, OTHER.KEY: { secure: ${other} } }
${taskflow}`);

const secrets = [apiKey, other];

for (const [backend, move] of [
  ["pod", "a spill"],
  ["local-path", "a copy"],
] as const)
  describe(`a marked secret in the config of a stack with ${move}`, () => {
    let all: Recorded[];
    const told: unknown[] = [];

    before(async () => {
      const { printed, result } = await printedBy(async () => {
        const config = await readSecretConfig(stack("", backend));
        assert.deepEqual(config.faults, []);
        const planned = planStack(config, known);
        assert.deepEqual(planned.faults, []);
        const { plan } = planned;
        told.push(config, planned, stackOutputs(plan), firstImages(plan, { runs: [] }));
        return create(plan);
      });
      all = result;
      told.push(printed);
    });

    it("is in no plan, output or message, however it is printed", () => {
      for (const thing of told) assert.deepEqual(shownIn(thing, secrets), []);
    });

    it("is in one Secret of its own, which the pod names", () => {
      const holding = all.filter(({ inputs }) => secrets.some((secret) => JSON.stringify(inputs).includes(secret)));
      assert.deepEqual(
        holding.map(({ type, name }) => `${type} ${name}`),
        ["kubernetes:core/v1:Secret taskflow-env"],
      );
      const secret = one(all, "Secret", "taskflow-env");
      assert.deepEqual(secretOf(secret.inputs.stringData as Record<string, unknown>), {
        API_KEY: apiKey,
        "OTHER.KEY": other,
      });
      assert.deepEqual([secret.inputs.metadata.namespace, secret.opts.protect], ["taskflow", undefined]);
      const deployment = one(all, "Deployment", "taskflow");
      assert.ok(dependencies(deployment).includes("Secret taskflow-env"));
      assert.deepEqual(deployment.inputs.spec.template.spec.containers[0].env.slice(-3), [
        { name: "MODE", value: "plain" },
        { name: "API_KEY", valueFrom: { secretKeyRef: { name: "taskflow-env", key: "API_KEY" } } },
        { name: "OTHER.KEY", valueFrom: { secretKeyRef: { name: "taskflow-env", key: "OTHER.KEY" } } },
      ]);
    });

    it("is in no argument, variable, annotation or other plain part of what is created, a move's job too", () => {
      assert.ok(all.some(({ name, type }) => type.endsWith(":Job") && name.startsWith("taskflow-")));
      for (const { type, name, inputs } of all)
        assert.deepEqual(shownIn(plainPart(inputs), [...secrets, "generated-"]), [], `${type} ${name}`);
    });

    it("replaces the pod when it changes, by a checksum that tells nothing", async () => {
      const changed = stack("", backend);
      const services = changed["cluster-storage:services"] as { taskflow: { env: { API_KEY: { secure: string } } } };
      const markOf = (recorded: Recorded[]): unknown =>
        one(recorded, "Deployment", "taskflow").inputs.spec.template.metadata.annotations["cluster-storage/secrets"];
      const before = markOf(all);
      services.taskflow.env.API_KEY.secure = marked("new");
      const after = markOf(await create(planStack(await readSecretConfig(changed), known).plan));
      assert.match(String(before), /^[0-9a-f]{64}$/);
      assert.match(String(after), /^[0-9a-f]{64}$/);
      assert.notEqual(after, before);
    });

    it("is in no fault, wherever it stands and whatever is wrong beside it", async () => {
      const wrong = [
        `      args: { secure: ${other} }\n      image: { ref: { secure: ${other} }, standIn: 3 }\n`,
        `      graceSeconds: { secure: ${other} }\n      reaches: [{ secure: ${other} }]\n`,
        `  cluster-storage:protect: { secure: ${other} }\n  cluster-storage:unknown: { secure: ${other} }\n`,
        `    redis: { secure: ${other} }\n    unknown: { size: 1, a: { secure: ${other} } }\n`,
      ];
      for (const text of wrong) {
        const { faults, ...config } = await readSecretConfig(stack(text));
        const planned = planStack({ ...config, faults }, known);
        const message = describeFaults("test", planned.faults);
        assert.match(message, / is secret, and here it would stand in plain text /);
        assert.deepEqual(shownIn([message, planned], secrets), []);
      }
    });
  });

describe("a config of which it is not clear what is secret", () => {
  const refused =
    /^Error: the config of stack "\w+" has a secret in cluster-storage:services, and \/.*\/Pulumi.test.yaml doesn't/;

  it("is refused where the file has no secret, or other values", async () => {
    const file = stack();
    const services = file["cluster-storage:services"] as { taskflow: { env: Record<string, unknown> } };
    services.taskflow.env.API_KEY = "plain";
    services.taskflow.env["OTHER.KEY"] = "plain";
    const lacks = stack();
    delete (lacks["cluster-storage:services"] as { taskflow: { env: Record<string, unknown> } }).taskflow.env.MODE;
    for (const from of [file, lacks, {}])
      await assert.rejects(readSecretConfig(stack(), from), (error: Error) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(String(error), refused);
        assert.deepEqual(shownIn(error.message, secrets), []);
        return true;
      });
  });
});

describe("a marked secret in the settings of all services", () => {
  const [all, own] = [marked("all"), marked("own")];
  const values = (more = "") =>
    valuesOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
  cluster-storage:defaults: { env: { MODE: plain, API_KEY: { secure: ${all} } } }
  cluster-storage:services:
    redis: { size: 1Gi }
    qdrant: { size: 1Gi, env: { API_KEY: { secure: ${own} } } }
    searxng: { size: 1Gi, env: { API_KEY: null } }
    neo4j: { size: 1Gi, env: { API_KEY: open } }
${more}`);

  it("is in a Secret of each service that takes it, and nowhere else", async () => {
    const { printed, result } = await printedBy(async () => {
      const config = await readSecretConfig(values());
      const planned = planStack(config, known);
      assert.deepEqual(planned.faults, []);
      assert.deepEqual(shownIn([config, planned, stackOutputs(planned.plan)], [all, own]), []);
      return create(planned.plan);
    });
    assert.deepEqual(shownIn(printed, [all, own]), []);
    const dataOf = (name: string) => secretOf(one(result, "Secret", name).inputs.stringData as Record<string, unknown>);
    assert.deepEqual(dataOf("redis-env"), { API_KEY: all });
    assert.deepEqual(dataOf("qdrant-env"), { API_KEY: own });
    const holding = result.filter(({ inputs }) => shownIn(inputs, [all, own]).length > 0);
    assert.deepEqual(holding.map(({ name }) => name).sort(), ["qdrant-env", "redis-env"]);
    for (const { type, name, inputs } of result)
      assert.deepEqual(shownIn(plainPart(inputs), [all, own]), [], `${type} ${name}`);
  });

  it("is in no fault, where it can't be or is reserved", async () => {
    const text = values("    flowise: { size: 1Gi }\n");
    text["cluster-storage:defaults"] = {
      env: { API_KEY: { secure: all }, HOME: { secure: own } },
      podLabels: { team: { secure: all } },
      shmm: { secure: own },
    };
    const planned = planStack(await readSecretConfig(text), known);
    const message = describeFaults("test", planned.faults);
    assert.deepEqual(shownIn([message, planned], [all, own]), []);
    for (const line of [
      "defaults.podLabels.team: is secret, and here it would stand in plain text in the state and in the cluster: " +
        "only services.SERVICE.env.NAME and defaults.env.NAME can be secret; if this is no secret: pulumi config set " +
        "--plaintext --path 'cluster-storage:defaults.podLabels.team' VALUE",
      "defaults.env.HOME: doesn't fit flowise: can't be set here: its files are on the volume, and elsewhere those " +
        "of before would be missing; set it at the services that it fits instead, or take it away with " +
        "services.flowise.env.HOME: null",
    ])
      assert.ok(message.includes(`  cluster-storage:${line}\n`) || message.endsWith(line), message);
  });
});
