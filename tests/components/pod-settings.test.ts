import assert from "node:assert/strict";
import { imageJob } from "../../preflight/images/job";
import { firstImages } from "../../plan/new-images";
import { config } from "../plan/moves-fixture";
import { planOf } from "../stack";
import { deployConfig } from "./deployed";
import type { Loose, Recorded } from "./recorded";

const passes = `tolerations: [{ key: dedicated, operator: Exists }], priorityClassName: data,
      imagePullSecrets: [registry]`;
const places = `nodeSelector: { disk: fast }, imagePullPolicy: Always,
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution:
        [{ weight: 1, preference: { matchExpressions: [{ key: zone, operator: Exists }] } }] } },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }],
      podAnnotations: { example.com/scrape: "true" }, podLabels: { team: data }`;
const every = config(`postgres: { size: 1Gi, ${passes}, imagePullPolicy: Never }
    redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi }], ${passes}, ${places} }
    n8n: { size: 1Gi, tolerations: [{ key: dedicated, operator: Exists }], priorityClassName: data,
      imagePullSecrets: [other] }
    neo4j: { size: 1Gi, rotation: 2, ${passes} }
    taskflow-db: { size: 1Gi, ${passes} }
    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }, files: { size: 1Gi, cleanup: { olderThan: 30d } },
      ${passes} }`);

/** The pod templates of what is made for services, by `Kind name`. */
function podsOf(all: Recorded[]): Map<string, Loose> {
  const of = ({ spec = {} }: Loose): Loose | undefined => spec.jobTemplate?.spec.template ?? spec.template;
  return new Map(
    all
      .filter(({ inputs, type }) => type.startsWith("kubernetes:") && of(inputs)?.spec?.containers)
      .map(({ type, name, inputs }) => [`${type.split(":").at(-1)} ${name}`, of(inputs)!]),
  );
}

describe("what the config says of a service's pods", () => {
  let pods: Map<string, Loose>;
  before(async () => {
    pods = podsOf(await deployConfig(every));
  });

  it("lets every pod that works for it on to its nodes, and gets each its image", () => {
    const own = [...pods].filter(([name]) => !/-provisioner$/.test(name));
    assert.deepEqual(own.map(([name]) => name).sort(), [
      "CronJob taskflow-cleanup",
      "Deployment n8n",
      "Deployment redis",
      "Deployment taskflow",
      "Job neo4j-renewal",
      "Job postgres-database-n8n",
      "Job redis-redis-data-1-to-2",
      "Job taskflow-db-database-taskflow-db",
      "StatefulSet neo4j",
      "StatefulSet postgres",
      "StatefulSet taskflow-db",
    ]);
    for (const [name, { spec }] of own) {
      assert.deepEqual(spec.tolerations, [{ key: "dedicated", operator: "Exists" }], name);
      assert.equal(spec.priorityClassName, "data", name);
      const secrets = name === "Deployment n8n" ? ["other", "registry"] : ["registry"];
      assert.deepEqual(
        spec.imagePullSecrets,
        secrets.map((secret) => ({ name: secret })),
        name,
      );
    }
  });

  it("keeps the server's policy wherever the server's image is used, and the mover's its own", () => {
    const policies = (name: string) => {
      const { containers, initContainers = [] } = pods.get(name)!.spec;
      return [...initContainers, ...containers].map(({ imagePullPolicy }: Loose) => imagePullPolicy);
    };
    assert.deepEqual(policies("StatefulSet postgres"), ["Never"]);
    assert.deepEqual(policies("Job postgres-database-n8n"), ["Never"]);
    assert.deepEqual(policies("Deployment n8n"), ["Never", "IfNotPresent"]);
    assert.deepEqual(policies("Deployment redis"), ["Always"]);
    assert.deepEqual(policies("Job redis-redis-data-1-to-2"), ["IfNotPresent"]);
  });

  it("is on its own pod, beside what this program writes there", () => {
    const { metadata, spec } = pods.get("Deployment redis")!;
    assert.deepEqual(spec.nodeSelector, { disk: "fast" });
    assert.deepEqual(spec.affinity, {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: { matchExpressions: [{ key: "zone", operator: "Exists" }] } },
        ],
      },
    });
    assert.deepEqual(spec.topologySpreadConstraints, [
      {
        labelSelector: { matchLabels: { "app.kubernetes.io/instance": "cluster-storage-test" } },
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "ScheduleAnyway",
      },
    ]);
    assert.equal(metadata.labels.team, "data");
    assert.equal(metadata.labels["app.kubernetes.io/name"], "redis");
    assert.equal(metadata.annotations["example.com/scrape"], "true");
    assert.equal(typeof metadata.annotations["cluster-storage/secrets"], "string");
  });

  it("goes with the move, whose job may run anywhere, and whose copy goes where the service may", () => {
    const { spec } = pods.get("Job redis-redis-data-1-to-2")!;
    assert.deepEqual([spec.nodeSelector, spec.affinity], [undefined, undefined]);
    const { passes, places } = JSON.parse(spec.containers[0].env[0].value) as Loose;
    assert.deepEqual(passes, {
      tolerations: [{ key: "dedicated", operator: "Exists" }],
      priorityClassName: "data",
      imagePullSecrets: [{ name: "registry" }],
    });
    assert.deepEqual(Object.keys(places as object), ["nodeSelector", "affinity"]);
  });

  it("is nothing where the config says nothing, or nothing in a key", async () => {
    const services = config("redis: { size: 1Gi, tolerations: [], podLabels: {}, affinity: {} }");
    const { spec, metadata } = podsOf(await deployConfig(services)).get("Deployment redis")!;
    const keys = "nodeSelector affinity tolerations topologySpreadConstraints priorityClassName imagePullSecrets";
    for (const key of keys.split(" ")) assert.ok(!(key in spec), key);
    assert.deepEqual(Object.keys(metadata.annotations), ["cluster-storage/secrets"]);
    assert.equal(spec.containers[0].imagePullPolicy, "IfNotPresent");
  });

  it("holds for the pod that tries an image", () => {
    const { plan } = planOf(every);
    const image = firstImages(plan, { runs: [] }).find(({ service }) => service === "redis")!;
    const { spec } = imageJob(plan.owner, image).spec.template as { spec: Loose };
    assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }]);
    assert.deepEqual(spec.nodeSelector, { disk: "fast" });
    assert.equal(spec.tolerations[0].key, "dedicated");
    assert.equal(spec.containers[0].imagePullPolicy, "Always");
  });
});
