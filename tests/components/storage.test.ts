import { backendTypes } from "../../backends/catalogue";
import assert from "node:assert/strict";
import { Storage } from "../../components/storage";
import { settle } from "../../plan/cluster";
import type { ClassFacts } from "../../model/facts";
import { classFacts } from "../facts";
import { planOf } from "../stack";
import { names, one, record, type Recorded } from "./recorded";

function create(localPath: string, classes: ClassFacts[] = []): Promise<Recorded[]> {
  const yaml = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true${localPath} } }
  cluster-storage:services: {}`;
  const { plan, faults } = planOf(yaml);
  assert.deepEqual(faults, []);
  return record(
    (opts) => void new Storage("storage", { ...settle(plan, { classes, claims: [] }).plan, types: backendTypes }, opts),
  );
}

const provisioner = (all: Recorded[]) => one(all, "Deployment", "local-path-provisioner").inputs.spec;
const argument = (all: Recorded[], name: string): string | undefined => {
  const { args } = provisioner(all).template.spec.containers[0] as { args: string[] };
  return args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
};

describe("LocalPathProvisioner", () => {
  let all: Recorded[];
  before(async () => (all = await create("")));

  it("is the only one whose namespace may be privileged", () => {
    assert.equal(
      one(all, "Namespace", "local-path-storage").inputs.metadata.labels["pod-security.kubernetes.io/enforce"],
      "privileged",
    );
  });

  it("runs once, without privileges of its own", () => {
    const { replicas, strategy, template } = provisioner(all);
    assert.deepEqual([replicas, strategy.type], [1, "Recreate"]);
    assert.equal(template.spec.securityContext.runAsUser, 65534);
    assert.deepEqual(template.spec.containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
    assert.ok(template.spec.containers[0].resources.limits.memory);
  });

  it("is started anew when its directories change, and by nothing else of the config", async () => {
    const annotations = (created: Recorded[]) => provisioner(created).template.metadata.annotations;
    const [same, other] = [await create(", overCommit: warn"), await create(", nodes: { two: [/opt/two] }")];
    assert.deepEqual(annotations(same), annotations(all));
    assert.notDeepEqual(annotations(other), annotations(all));
  });

  it("gives its helper pods an account that may do nothing", () => {
    assert.equal(argument(all, "--service-account-name"), "local-path-helper");
    assert.equal(one(all, "ServiceAccount", "local-path-helper").inputs.automountServiceAccountToken, false);
    for (const kind of ["ClusterRoleBinding", "RoleBinding"]) {
      assert.deepEqual(one(all, kind, "local-path-provisioner").inputs.subjects, [
        { kind: "ServiceAccount", name: "local-path-provisioner", namespace: "local-path-storage" },
      ]);
    }
  });

  it("may touch pods, logs and config maps in its own namespace only, and nothing by wildcard", () => {
    const rules = one(all, "ClusterRole", "local-path-provisioner").inputs.rules as {
      resources: string[];
      verbs: string[];
    }[];
    assert.deepEqual(rules.flatMap(({ resources }) => resources).sort(), [
      "events",
      "nodes",
      "persistentvolumeclaims",
      "persistentvolumes",
      "storageclasses",
    ]);
    assert.deepEqual(rules.find(({ resources }) => resources.includes("persistentvolumeclaims"))?.verbs, [
      "get",
      "list",
      "watch",
      "update",
    ]);
    const own = one(all, "Role", "local-path-provisioner").inputs.rules as { resources: string[] }[];
    assert.deepEqual(
      own.flatMap(({ resources }) => resources),
      ["pods", "pods/log", "configmaps"],
    );
    assert.ok(!JSON.stringify([rules, own]).includes("*"));
  });

  it("of the pinned version has probes and the client's rates", () => {
    assert.equal(provisioner(all).template.spec.containers[0].image, "rancher/local-path-provisioner:v0.0.37");
    assert.equal(provisioner(all).template.spec.containers[0].readinessProbe.httpGet.path, "/ready");
    assert.deepEqual(
      ["--worker-threads", "--kube-client-qps", "--kube-client-burst"].map((name) => argument(all, name)),
      ["24", "100", "200"],
    );
  });

  it("of an older version has neither, because that one doesn't know them", async () => {
    const old = await create(", version: v0.0.30, allowVulnerable: a test");
    const [container] = provisioner(old).template.spec.containers;
    for (const absent of ["readinessProbe", "livenessProbe", "startupProbe", "ports"])
      assert.ok(!(absent in container), absent);
    assert.deepEqual(
      ["--worker-threads", "--kube-client-qps", "--kube-client-burst"].map((name) => argument(old, name)),
      ["24", undefined, undefined],
    );
  });
});

describe("StorageClasses", () => {
  const standard = classFacts("standard", { isDefault: true });
  const annotations = async (classes?: ClassFacts[]) =>
    one(await create("", classes), "StorageClass", "local-path").inputs.metadata.annotations;

  it("bind with the first pod, keep data unless told, and make volumes of type local", async () => {
    const { inputs } = one(await create(""), "StorageClass", "local-path");
    assert.equal(inputs.volumeBindingMode, "WaitForFirstConsumer");
    assert.equal(inputs.reclaimPolicy, "Retain");
    assert.equal(inputs.provisioner, "rancher.io/local-path");
    assert.ok(!("allowVolumeExpansion" in inputs));
    assert.equal(inputs.metadata.annotations.defaultVolumeType, "local");
    assert.equal(inputs.metadata.annotations["storageclass.kubernetes.io/is-default-class"], "true");
  });

  it("take the directory's owner from the claim where the version can", async () => {
    assert.equal((await annotations()).userPattern, '{{ index .PVC.Annotations "cluster-storage/uid" }}');
    const old = one(await create(", version: v0.0.36"), "StorageClass", "local-path").inputs.metadata.annotations;
    assert.ok(!("userPattern" in old));
  });

  it("switch another installer's default off", async () => {
    const { inputs } = one(await create("", [standard]), "StorageClassPatch", "standard-not-default");
    assert.deepEqual(inputs, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: "standard",
        annotations: {
          "storageclass.kubernetes.io/is-default-class": "false",
          "cluster-storage/default-switched-off-by": "cluster-storage/test",
          "pulumi.com/patchForce": "true",
        },
      },
    });
  });

  it("leave every other class alone, their own included", async () => {
    const classes = [
      classFacts("fast"),
      classFacts("local-path", { isDefault: true }),
      classFacts("theirs", { switchedOffBy: "other/stack" }),
    ];
    assert.deepEqual(names(await create("", classes), "StorageClassPatch"), []);
  });

  it("go on holding a flag down that they switched off before", async () => {
    const classes = [classFacts("standard", { switchedOffBy: "cluster-storage/test" })];
    assert.deepEqual(names(await create("", classes), "StorageClassPatch"), ["standard-not-default"]);
  });
});
