import assert from "node:assert/strict";
import { localPathInstall } from "../../backends/local-path/install";
import { provisionerPod } from "../../backends/local-path/pod";
import type { LocalPathConfig } from "../../backends/local-path/config";
import { known } from "../../known";
import { defaultsShape } from "../../config/defaults";
import { parseConfig } from "../../config/parse";
import { parse } from "yaml";
import { planOf } from "../stack";

const stack = (defaults: string, services: string, backend = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true${backend} }
  cluster-storage:defaults: ${defaults}
  cluster-storage:services:
    ${services}
`;
const said = (text: string) => planOf(text).faults.map(({ path, message }) => `${path}: ${message}`);
const servicesOf = (text: string) => {
  const { plan, faults } = planOf(text);
  assert.deepEqual(faults, []);
  return Object.fromEntries(plan.services.map((service) => [service.name, service]));
};
const toleration = "{ key: dedicated, operator: Exists }";

describe("settings of all services at once", () => {
  it("are each service's, and maps are merged key by key, the service's first", () => {
    const { redis, searxng } = servicesOf(
      stack(
        `{ nodeSelector: { pool: storage, disk: slow }, tolerations: [${toleration}], priorityClassName: data,
           resources: { limits: { memory: 3Gi } } }`,
        `redis: { size: 1Gi, nodeSelector: { disk: fast },
      resources: { limits: { cpu: "1" }, requests: { memory: 1Gi } } }
    searxng: { size: 1Gi }`,
      ),
    );
    assert.deepEqual(redis?.pod?.nodeSelector, { pool: "storage", disk: "fast" });
    assert.deepEqual(redis?.container.resources, {
      requests: { cpu: "50m", memory: "1Gi" },
      limits: { cpu: "1", memory: "3Gi" },
    });
    assert.deepEqual(searxng?.pod, {
      nodeSelector: { pool: "storage", disk: "slow" },
      tolerations: [{ key: "dedicated", operator: "Exists" }],
      priorityClassName: "data",
    });
    assert.equal(searxng?.container.resources.limits.memory, "3Gi");
  });

  it("give way as a whole where they are lists or an affinity, and go by null, [] or {}", () => {
    const affinity = (key: string) =>
      `{ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution:
          [{ weight: 1, preference: { matchExpressions: [{ key: ${key}, operator: Exists }] } }] } }`;
    const { redis, qdrant, searxng } = servicesOf(
      stack(
        `{ tolerations: [${toleration}], affinity: { podAntiAffinity: {},
           nodeAffinity: ${affinity("a").slice(16, -1)} },
           podLabels: { team: data, tier: store }, priorityClassName: data }`,
        `redis: { size: 1Gi, tolerations: [{ key: other, operator: Exists }], affinity: ${affinity("b")} }
    qdrant: { size: 1Gi, tolerations: [], affinity: {}, podLabels: { tier: null }, priorityClassName: null }
    searxng: { size: 1Gi, podLabels: null, affinity: null, tolerations: null }`,
      ),
    );
    assert.deepEqual(redis?.pod?.tolerations, [{ key: "other", operator: "Exists" }]);
    assert.deepEqual(Object.keys(redis?.pod?.affinity ?? {}), ["nodeAffinity"]);
    assert.deepEqual(qdrant?.pod, { podLabels: { team: "data" } });
    assert.deepEqual(searxng?.pod, { priorityClassName: "data" });
  });

  it("are refused once, where they stand, whatever the services say", () => {
    assert.deepEqual(
      said(
        stack(
          "{ tolerations: [{}], nodeSelektor: {}, podLabels: { app.kubernetes.io/name: x } }",
          "redis: { size: 1Gi }\n    searxng: { size: 1Gi, podLabels: { team: data } }",
        ),
      ),
      [
        "defaults.tolerations[0]: tolerates nothing: name the taint's key, or write operator: Exists for every taint",
        'defaults.podLabels["app.kubernetes.io/name"]: this program writes "app.kubernetes.io/name" on the pod ' +
          "itself; choose another key",
        'defaults.nodeSelektor: unknown key; did you mean "nodeSelector"?',
      ],
    );
    assert.deepEqual(said(stack("[]", "redis: { size: 1Gi }")).length, 1);
  });

  it("are taken away by null where they are wrong as well, and no key is one that every object has", () => {
    assert.deepEqual(
      said(
        stack(
          "{ nodeSelector: { pool: 1 }, tolerations: 5, constructor: 1, toString: {} }",
          "redis: { size: 1Gi, nodeSelector: { pool: null }, tolerations: null }",
        ),
      ),
      [
        "defaults.nodeSelector.pool: must be text, not 1; put it in quotes",
        "defaults.tolerations: must be a list, not 5",
        ...["constructor", "toString"].map(
          (key) => `defaults.${key}: unknown key; there is: ${Object.keys(defaultsShape).sort().join(", ")}`,
        ),
      ],
    );
    const { redis } = servicesOf(
      stack("{ podLabels: { constructor: a } }", "redis: { size: 1Gi, podLabels: { b: c } }"),
    );
    assert.deepEqual(redis?.pod?.podLabels, { b: "c", constructor: "a" });
  });

  it("are refused with the service where one can't have them", () => {
    assert.deepEqual(
      said(stack("{ resources: { limits: { memory: 1Gi } } }", "neo4j: { size: 1Gi }\n    redis: { size: 1Gi }")),
      [
        "defaults.resources: doesn't fit neo4j: the memory limit 1Gi is below the request 2Gi; raise the limit or " +
          "lower the request; set it at the services that it fits instead, or take it away " +
          "with services.neo4j.resources: null",
      ],
    );
  });

  it("are also those of the provisioner, whose own keys win", () => {
    const pod = (backend: string) => {
      const { config } = parse(
        stack(
          `{ tolerations: [${toleration}], imagePullSecrets: [registry], nodeSelector: { a: b } }`,
          "redis: {}",
          backend,
        ),
      ) as { config: Record<string, unknown> };
      const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.split(":")[1], value]));
      const { backends } = parseConfig({ owner: { project: "cluster-storage", stack: "t" }, values }, known);
      const install = localPathInstall("local-path", backends.get("local-path")!.settings as LocalPathConfig);
      const names = { app: "a", namespace: "n", account: "a", helperAccount: "h", config: "c" };
      const { tolerations, imagePullSecrets, nodeSelector } = provisionerPod(names, install);
      const helper = parse(install.files["helperPod.yaml"]!) as { spec: { imagePullSecrets?: object } };
      return { tolerations, imagePullSecrets, nodeSelector, helper: helper.spec.imagePullSecrets };
    };
    assert.deepEqual(pod(""), {
      tolerations: [{ key: "dedicated", operator: "Exists" }],
      imagePullSecrets: [{ name: "registry" }],
      nodeSelector: undefined,
      helper: [{ name: "registry" }],
    });
    assert.deepEqual(pod(", tolerations: [], imagePullSecrets: [other]"), {
      tolerations: undefined,
      imagePullSecrets: [{ name: "other" }],
      nodeSelector: undefined,
      helper: [{ name: "other" }],
    });
  });

  it("are nothing new to a stack that has none", () => {
    const services = "redis: { size: 1Gi }";
    const without = stack("{}", services).replace("  cluster-storage:defaults: {}\n", "");
    assert.deepEqual(planOf(stack("{}", services)).plan, planOf(without).plan);
  });
});
