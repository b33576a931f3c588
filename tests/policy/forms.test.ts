import assert from "node:assert/strict";
import type { Loose } from "../components/recorded";
import { rules } from "../../policy/rules";
import { judge, type Judged } from "./judge";
import { claim, everything, namespace, storageClass, volume } from "./samples";

const workloads = {
  Pod: (pod: Loose) => ({ spec: pod }),
  PodTemplate: (pod: Loose) => ({ template: { spec: pod } }),
  CronJob: (pod: Loose) => ({ spec: { jobTemplate: { spec: { template: { spec: pod } } } } }),
  ...Object.fromEntries(
    ["DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"].map((kind) => [
      kind,
      (pod: Loose) => ({ spec: { template: { spec: pod } } }),
    ]),
  ),
};
const all = Object.keys(workloads) as (keyof typeof workloads)[];
const stateful = all.filter((kind) => !["PodTemplate", "CronJob", "Job"].includes(kind));
const mounted = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "notes-data" } }] };

/** What is said wrongly, in the least that says it. */
interface Wrong {
  kind: string;
  said: Loose;
  /** The message, after the object's kind and name. */
  message: string;
  /** Others of the stack. */
  beside?: Judged[];
  /** A patch can't say it: what the patch leaves out stays. */
  onlyWhole?: true;
}

const inPods = (kinds: (keyof typeof workloads)[], pod: Loose, message: string): Wrong[] =>
  kinds.map((kind) => ({ kind, said: workloads[kind]!(pod), message }));
const label = "pod-security.kubernetes.io/enforce";
const modes = (spec: Loose, kind = "PersistentVolumeClaim"): Wrong => ({
  kind,
  said: { spec },
  message: " asks for ReadWriteMany; class local-path can do ReadWriteOnce and ReadWriteOncePod",
  beside: [storageClass()],
});
const many = { accessModes: ["ReadWriteMany"], storageClassName: "local-path" };
const backup = (value: string) => ({ metadata: { annotations: { "cluster-storage/backup": value } } });
const noReason = ' has no backup and no reason; say it in the annotation cluster-storage/backup: "none: REASON"';

const wrongs: Record<string, Wrong[]> = {
  "protected-claim": [
    ...["whenDeleted", "whenScaled"].map((when) => ({
      kind: "StatefulSet",
      said: { spec: { persistentVolumeClaimRetentionPolicy: { [when]: "Delete" } } },
      message: ` deletes its claims (spec.persistentVolumeClaimRetentionPolicy.${when}); set Retain`,
    })),
    {
      kind: "PersistentVolumeClaim",
      said: {},
      message: " is not protected; set protect: true in its resource options",
      onlyWhole: true,
    },
  ],
  "protected-namespace": [
    {
      kind: "Namespace",
      said: {},
      message: " holds claims and is not protected; set protect: true in its resource options",
      beside: [claim(({ metadata }) => (metadata.namespace = "it"))],
      onlyWhole: true,
    },
  ],
  "reclaim-policy": [
    {
      kind: "StorageClass",
      said: { reclaimPolicy: "Delete" },
      message: " has reclaimPolicy Delete; stack test allows Retain",
    },
    {
      kind: "PersistentVolume",
      said: { spec: { persistentVolumeReclaimPolicy: "Delete" } },
      message: " has spec.persistentVolumeReclaimPolicy Delete; stack test allows Retain",
    },
  ],
  "access-mode": [
    modes(many),
    modes({ volumeClaimTemplates: [{ spec: many }] }, "StatefulSet"),
    ...inPods(all, { volumes: [{ ephemeral: { volumeClaimTemplate: { spec: many } } }] }, modes({}).message).map(
      (wrong) => ({ ...wrong, beside: [storageClass()] }),
    ),
  ],
  "one-default-class": ["storageclass.kubernetes.io", "storageclass.beta.kubernetes.io"].map((group) => ({
    kind: "StorageClass",
    said: { metadata: { annotations: { [`${group}/is-default-class`]: "true" } } },
    message:
      ' is a default class beside StorageClass local-path; keep storageclass.kubernetes.io/is-default-class: "true" ' +
      "at one of them",
    beside: [storageClass()],
  })),
  "no-host-path": [
    ...inPods(all, { volumes: [{ name: "x", hostPath: { path: "/y" } }] }, " mounts /y of its node as x; use a claim"),
    {
      kind: "PersistentVolume",
      said: { spec: { hostPath: { path: "/y" } } },
      message: " is a hostPath; use local with a nodeAffinity, or a class that provisions",
    },
  ],
  "pod-security": [
    {
      kind: "Namespace",
      said: { metadata: { labels: { [label]: "privileged" } } },
      message: ` has ${label} privileged; allowed is restricted or baseline`,
    },
  ],
  "pinned-image": ["containers", "initContainers", "ephemeralContainers"].flatMap((list) =>
    inPods(
      all,
      { [list]: [{ name: "c", image: "c:latest" }] },
      ': image "c:latest" of container c has the tag latest, which changes by itself; name a version',
    ),
  ),
  "resource-limits": [null, "0", "0Mi", "0.0", 0].flatMap((memory) => {
    const container = { name: "c", resources: { requests: { cpu: "1m", memory: "1" }, limits: { memory } } };
    return [
      { ...mounted, containers: [container] },
      { ...mounted, initContainers: [{ ...container, restartPolicy: "Always" }] },
    ].flatMap((pod) => inPods(stateful, pod, ": container c has no memory in resources.limits"));
  }),
  probes: [
    { containers: [{ name: "c", readinessProbe: null }] },
    { initContainers: [{ name: "c", restartPolicy: "Always", readinessProbe: null }] },
  ].flatMap((pod) => inPods(stateful, { ...mounted, ...pod }, ": container c has no readinessProbe")),
  "no-service-links": inPods(
    all,
    { enableServiceLinks: true },
    ": its pods have enableServiceLinks on; set it to false",
  ),
  "backup-stated": [
    { kind: "PersistentVolumeClaim", said: backup("none"), message: noReason },
    {
      kind: "StatefulSet",
      said: { spec: { volumeClaimTemplates: [backup("none")] } },
      message: `, claim template undefined,${noReason}`,
    },
  ],
};

const named = (said: Loose) => ({ ...said, metadata: { name: "it", ...(said.metadata as object) } });
const made = (type: string, props: Loose): Judged => ({ type: `kubernetes:${type}`, name: "it", props, opts: {} });

describe("every rule sees every way to say it", () => {
  it("and each of them is tried here", () =>
    assert.deepEqual(
      Object.keys(wrongs),
      rules.map(({ name }) => name),
    ));

  for (const rule of rules) {
    it(rule.name, async () => {
      for (const { kind, said, message, beside = [], onlyWhole } of wrongs[rule.name]!) {
        const found = (...resources: Judged[]) => judge(rule, [...beside, ...resources]);
        const refused = async (what: string, resource: Judged) =>
          assert.deepEqual(await found(resource), [`${what}${message}`], resource.type);
        for (const version of ["v1", "core/v1", "apps/v1beta2", "extensions/v1beta1"]) {
          await refused(`${kind} it`, made(`${version}:${kind}`, named(said)));
          const patch = made(`${version}:${kind}Patch`, named(said));
          if (onlyWhole) assert.deepEqual(await found(patch), [], patch.type);
          else await refused(`${kind}Patch it`, patch);
        }
        const items = [{ kind, ...named(said) }];
        await refused(`${kind} it in ${kind}List it`, made(`v1:${kind}List`, { items: [named(said)] }));
        await refused(`${kind} it in List it`, made("core/v1:List", { items }));
        await refused(`${kind} it in List it`, made("core/v1:List", { items: [null, { kind: "List", items }] }));
      }
    });
  }
});

describe("a patch that says nothing wrong", () => {
  it("is refused by no rule, for it leaves everything else as it is", async () => {
    const kinds = ["Namespace", "StorageClass", "PersistentVolume", "PersistentVolumeClaim", ...all];
    const patches = kinds.map((kind) => made(`core/v1:${kind}Patch`, named({ spec: { template: { spec: {} } } })));
    for (const rule of rules) assert.deepEqual(await judge(rule, [...everything(), ...patches]), [], rule.name);
  });

  it("may be of the default class itself, and leaves a claim its class", async () => {
    const flagged = { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } };
    const same = made("storage.k8s.io/v1:StorageClassPatch", { metadata: { name: "local-path", ...flagged } });
    const other = made("v1:PersistentVolumeClaimPatch", named({ spec: { accessModes: ["ReadWriteMany"] } }));
    for (const rule of rules) assert.deepEqual(await judge(rule, [...everything(), same, other]), [], rule.name);
  });
});

describe("what only looks like a list or a patch", () =>
  it("is an object like others", async () => {
    const odd = [made("example.com/v1:AllowList", named({})), made("example.com/v1:Patch", named({}))];
    for (const rule of rules)
      assert.deepEqual(await judge(rule, [...odd, namespace(), claim(), volume()]), [], rule.name);
  }));
