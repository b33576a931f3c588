import assert from "node:assert/strict";
import { oneDefaultClass } from "../../policy/rules/one-default-class";
import { podSecurity } from "../../policy/rules/pod-security";
import { reclaimPolicy } from "../../policy/rules/reclaim-policy";
import { judge } from "./judge";
import { namespace, storageClass, volume } from "./samples";

describe("reclaim-policy", () => {
  const message = "StorageClass local-path has reclaimPolicy Delete; stack prod allows Retain";

  it("refuses Delete in every stack that isn't named", async () => {
    const broken = storageClass((props) => (props.reclaimPolicy = "Delete"));
    assert.deepEqual(await judge(reclaimPolicy, [broken], { stack: "prod" }), [message]);
  });

  it("refuses a class that leaves it to Kubernetes, which deletes", async () => {
    assert.deepEqual(
      await judge(reclaimPolicy, [storageClass((props) => delete props.reclaimPolicy)], { stack: "prod" }),
      [message],
    );
  });

  it("lets dev delete", async () => {
    assert.deepEqual(
      await judge(reclaimPolicy, [storageClass((props) => (props.reclaimPolicy = "Delete"))], { stack: "dev" }),
      [],
    );
  });

  it("goes by what it was told of a stack", async () => {
    const settings = { environments: { lab: ["Delete"] } };
    assert.deepEqual(await judge(reclaimPolicy, [storageClass()], { stack: "lab", settings }), [
      "StorageClass local-path has reclaimPolicy Retain; stack lab allows Delete",
    ]);
  });

  it("refuses a volume that deletes, and knows that one which says nothing doesn't", async () => {
    const broken = volume(({ spec }) => (spec.persistentVolumeReclaimPolicy = "Delete"));
    assert.deepEqual(await judge(reclaimPolicy, [broken]), [
      "PersistentVolume archive has spec.persistentVolumeReclaimPolicy Delete; stack test allows Retain",
    ]);
    assert.deepEqual(await judge(reclaimPolicy, [volume(({ spec }) => delete spec.persistentVolumeReclaimPolicy)]), []);
  });
});

describe("one-default-class", () => {
  const flag = (name: string, key: string) =>
    storageClass(({ metadata }) => Object.assign(metadata, { name, annotations: { [key]: "true" } }));
  const message =
    "StorageClass fast is a default class beside StorageClass local-path; keep " +
    'storageclass.kubernetes.io/is-default-class: "true" at one of them';

  it("refuses a second one", async () => {
    assert.deepEqual(
      await judge(oneDefaultClass, [storageClass(), flag("fast", "storageclass.kubernetes.io/is-default-class")]),
      [message],
    );
  });

  it("refuses a second one by the old name of the flag", async () => {
    assert.deepEqual(
      await judge(oneDefaultClass, [storageClass(), flag("fast", "storageclass.beta.kubernetes.io/is-default-class")]),
      [message],
    );
  });

  it("takes a second class that is not the default", async () => {
    const second = storageClass(({ metadata }) =>
      Object.assign(metadata, {
        name: "fast",
        annotations: { "storageclass.kubernetes.io/is-default-class": "false" },
      }),
    );
    assert.deepEqual(await judge(oneDefaultClass, [storageClass(), second]), []);
  });
});

describe("pod-security", () => {
  const label = "pod-security.kubernetes.io/enforce";
  const labelled = (level: string | undefined, name = "notes") =>
    namespace(({ metadata }) =>
      Object.assign(metadata, { name, labels: level === undefined ? {} : { [label]: level } }),
    );

  it("refuses a namespace that says nothing", async () => {
    assert.deepEqual(await judge(podSecurity, [labelled(undefined)]), [
      `Namespace notes has no label ${label}; set it to restricted or baseline`,
    ]);
  });

  it("refuses a privileged one, whatever it is called", async () => {
    for (const name of ["notes", "my-storage", "local-path-storage", "longhorn-system", "rook-ceph"])
      assert.deepEqual(await judge(podSecurity, [labelled("privileged", name)]), [
        `Namespace ${name} has ${label} privileged; allowed is restricted or baseline`,
      ]);
  });

  it("lets a backend's component make a privileged one", async () => {
    for (const installer of ["cluster-storage:index:LocalPathProvisioner", "cluster-storage:index:Charts"]) {
      const parents = ["cluster-storage:index:Storage", installer, "cluster-storage:index:Namespace"];
      assert.deepEqual(await judge(podSecurity, [{ ...labelled("privileged"), parents }]), [], installer);
    }
    const service = { ...labelled("privileged"), parents: ["cluster-storage:index:Namespace"] };
    assert.equal((await judge(podSecurity, [service])).length, 1);
  });

  it("takes a provisioner's namespaces and levels from its settings", async () => {
    const settings = { levels: ["restricted"], privileged: ["csi"] };
    assert.deepEqual(
      await judge(podSecurity, [labelled("baseline"), labelled("privileged", "csi"), labelled("privileged", "csi-2")], {
        settings,
      }),
      [
        `Namespace notes has ${label} baseline; allowed is restricted`,
        `Namespace csi-2 has ${label} privileged; allowed is restricted`,
      ],
    );
  });
});
