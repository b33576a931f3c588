import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { execa } from "execa";
import { silentProgress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";
import { ops } from "./cli";
import { create, remove, writeStack } from "./doctored";
import { useDeployedStack } from "./fixture";
import type { Report } from "./preflight-ground";
import { until } from "./state";

const namespace = "preflight-policed";
const here = { "kubernetes.io/metadata.name": namespace };
const object = (apiVersion: string, kind: string, name: string, spec?: object): KubernetesObject =>
  ({
    apiVersion,
    kind,
    metadata: { name, ...(apiVersion === "v1" && kind !== "Namespace" ? { namespace } : {}) },
    ...(spec && { spec }),
  }) as KubernetesObject;

const policy = object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "preflight-team", {
  matchConstraints: {
    resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
  },
  validations: [{ expression: "has(object.metadata.labels) && 'team' in object.metadata.labels", message: "no team" }],
});
const binding = object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "preflight-team", {
  policyName: "preflight-team",
  validationActions: ["Deny"],
  matchResources: { namespaceSelector: { matchLabels: here } },
});
const quota = object("v1", "ResourceQuota", "cpus", { hard: { "limits.cpu": "8" } });

describe("preflight of what a cluster admits", () => {
  const cluster = useDeployedStack();
  let stacks: string;
  before(async () => {
    stacks = await mkdtemp(join(tmpdir(), "preflight-"));
    await create(cluster().kube, [object("v1", "Namespace", namespace)]);
  });
  after(async () => {
    await rm(stacks, { recursive: true });
    await remove(cluster().kube, [binding, policy, object("v1", "Namespace", namespace)]);
  });

  const said = async (...ids: string[]) => {
    const { stdout } = await ops(["preflight", "--stack", "policed", "--json"], { CLUSTER_STORAGE_STACKS: stacks });
    return (JSON.parse(stdout) as Report).results
      .filter(({ id }) => ids.includes(id))
      .map(({ level, title, wayOut }) => [level, title, ...(wayOut === undefined ? [] : [wayOut])]);
  };
  const limited = (size: string) => ({ size, namespace, resources: { limits: { cpu: "1" } } });
  const write = (services: object) =>
    writeStack(stacks, "policed", cluster().target.stack.env.KUBECONFIG!, {
      backends: { disk: { type: "local-path", path: "/opt/volumes", default: true } },
      services,
    });
  const refused = (name: string, resources?: object) =>
    cluster()
      .kube.core.createNamespacedPod({
        namespace,
        dryRun: "All",
        body: { metadata: { name }, spec: { containers: [{ name, image: "example.com/a:1", resources }] } },
      })
      .then(
        () => undefined,
        (error: Error) => error.message,
      );

  it("names the policy that refuses a pod, and the pods", async () => {
    await write({ redis: limited("1Gi") });
    const others = "; those of disk-storage, which isn't there yet, were tried in namespace default";
    assert.deepEqual(await said("admission"), [["ok", `the cluster's policies admit the pods${others}`]]);
    await create(cluster().kube, [policy, binding]);
    await until("the policy is enforced", async () => /preflight-team/.test((await refused("a")) ?? ""));
    assert.deepEqual(await said("admission"), [
      [
        "error",
        "the cluster refuses the pod of redis: ValidatingAdmissionPolicy 'preflight-team' with binding " +
          "'preflight-team' denied request: no team",
        "see what it asks for: kubectl get validatingadmissionpolicy preflight-team -o yaml; have namespace " +
          `${namespace} excepted in its binding (kubectl edit validatingadmissionpolicybinding preflight-team)`,
      ],
    ]);
    await remove(cluster().kube, [binding, policy]);
  });

  it("knows which pods a quota of limits refuses, as the API server does, and what makes up for it", async () => {
    const { kube } = cluster();
    await create(kube, [quota]);
    await until("the quota counts", async () => /must specify limits.cpu/.test((await refused("a")) ?? ""));
    assert.equal(await refused("b", { limits: { cpu: "1" } }), undefined);
    // Its own container states a limit; the one that waits for its database states none.
    await write({ postgres: limited("1Gi"), n8n: limited("1Gi") });
    const [first] = await said("pod-quotas");
    assert.deepEqual(first?.slice(0, 2), [
      "error",
      `quota ${namespace}/cpus counts limits.cpu, and the cluster refuses pods with containers that state none: ` +
        "wait-for-database of the pod of n8n and create-database of the pod that makes the database of n8n",
    ]);
    const [, command = assert.fail(first?.[2])] = /: (echo '.*' \| kubectl apply -f -)/.exec(first?.[2] ?? "") ?? [];
    const { bin } = await ensureTools(silentProgress);
    await execa("sh", ["-c", command], {
      env: { KUBECONFIG: cluster().target.stack.env.KUBECONFIG, PATH: `${bin}:${process.env.PATH}` },
    });
    await until("the limit range is known", async () => (await refused("c")) === undefined);
    assert.deepEqual(await said("pod-quotas", "pod-limit-ranges"), [
      ["ok", "no quota refuses a service's pod"],
      ["ok", "no limit range refuses a service's pod"],
    ]);
  });
});
