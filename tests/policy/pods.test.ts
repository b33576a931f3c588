import assert from "node:assert/strict";
import type { Loose } from "../components/recorded";
import { noHostPath } from "../../policy/rules/no-host-path";
import { noServiceLinks } from "../../policy/rules/no-service-links";
import { probes } from "../../policy/rules/probes";
import { resourceLimits } from "../../policy/rules/resource-limits";
import { judge } from "./judge";
import { claim, cronJob, deployment, namespace, statefulSet, volume } from "./samples";

describe("no-host-path", () => {
  const mount = (pod: Loose) => pod.volumes.push({ name: "host", hostPath: { path: "/var/lib" } });

  it("refuses a pod that mounts a directory of its node", async () => {
    assert.deepEqual(await judge(noHostPath, [deployment(mount)]), [
      "Deployment notes/notes mounts /var/lib of its node as host; use a claim",
    ]);
    assert.deepEqual(await judge(noHostPath, [cronJob(mount)]), [
      "CronJob notes/tidy mounts /var/lib of its node as host; use a claim",
    ]);
  });

  const inside = (namespace: string, parents: string[] = []) =>
    deployment((pod, resource) => {
      mount(pod);
      Object.assign(resource, { parents }).props.metadata.namespace = namespace;
    });

  it("lets a provisioner do it that a backend's component installs, wherever it runs", async () => {
    const parents = ["cluster-storage:index:Storage", "cluster-storage:index:LocalPathProvisioner"];
    assert.deepEqual(await judge(noHostPath, [inside("notes", parents)]), []);
    const settings = { components: ["other:index:Driver"] };
    assert.deepEqual(await judge(noHostPath, [inside("notes", ["other:index:Driver"])], { settings }), []);
    assert.equal((await judge(noHostPath, [inside("notes", parents)], { settings })).length, 1);
  });

  it("goes by no namespace's name unless told", async () => {
    for (const namespace of ["local-path-storage", "my-storage", "longhorn-system", "rook-ceph"])
      assert.deepEqual(await judge(noHostPath, [inside(namespace)]), [
        `Deployment ${namespace}/notes mounts /var/lib of its node as host; use a claim`,
      ]);
    assert.deepEqual(
      await judge(noHostPath, [inside("csi-nodes"), inside("other")], { settings: { namespaces: ["csi-*"] } }),
      ["Deployment other/notes mounts /var/lib of its node as host; use a claim"],
    );
  });

  it("refuses a volume that is one", async () => {
    const broken = volume(({ spec }) => ((spec.hostPath = { path: "/srv" }), delete spec.local));
    assert.deepEqual(await judge(noHostPath, [broken]), [
      "PersistentVolume archive is a hostPath; use local with a nodeAffinity, or a class that provisions",
    ]);
  });
});

describe("no-service-links", () => {
  const message = (what: string) => [`${what}: its pods have enableServiceLinks on; set it to false`];

  it("refuses pods that have them on, or leave it to Kubernetes, which has them on", async () => {
    assert.deepEqual(
      await judge(noServiceLinks, [deployment((pod) => (pod.enableServiceLinks = true))]),
      message("Deployment notes/notes"),
    );
    assert.deepEqual(
      await judge(noServiceLinks, [deployment((pod) => delete pod.enableServiceLinks)]),
      message("Deployment notes/notes"),
    );
  });

  it("looks into every kind of workload", async () => {
    assert.deepEqual(
      await judge(noServiceLinks, [cronJob((pod) => delete pod.enableServiceLinks)]),
      message("CronJob notes/tidy"),
    );
    assert.deepEqual(
      await judge(noServiceLinks, [statefulSet((spec) => delete spec.template.spec.enableServiceLinks)]),
      message("StatefulSet notes/ledger"),
    );
    const pod = {
      type: "kubernetes:core/v1:Pod",
      name: "shell",
      props: { metadata: { name: "shell" }, spec: {} },
      opts: {},
    };
    assert.deepEqual(await judge(noServiceLinks, [pod]), message("Pod shell"));
  });

  it("asks nothing of what has no pods", async () =>
    assert.deepEqual(await judge(noServiceLinks, [namespace(), claim(), volume()]), []));
});

/** A workload without a volume of its own. */
const stateless = (change: (pod: Loose) => void) => deployment((pod) => ((pod.volumes = []), change(pod)));

describe("resource-limits", () => {
  it("refuses a container without a request or limit", async () => {
    const without = (kind: string, amount: string) =>
      judge(resourceLimits, [deployment((pod) => delete pod.containers[0].resources[kind][amount])]);
    assert.deepEqual(await without("requests", "cpu"), [
      "Deployment notes/notes: container notes has no cpu in resources.requests",
    ]);
    assert.deepEqual(await without("requests", "memory"), [
      "Deployment notes/notes: container notes has no memory in resources.requests",
    ]);
    assert.deepEqual(await without("limits", "memory"), [
      "Deployment notes/notes: container notes has no memory in resources.limits",
    ]);
  });

  it("refuses a StatefulSet that says nothing at all", async () => {
    assert.deepEqual(
      await judge(resourceLimits, [statefulSet((spec) => (spec.template.spec.containers[0].resources = undefined))]),
      [
        "StatefulSet notes/ledger: container notes has no cpu and memory in resources.requests",
        "StatefulSet notes/ledger: container notes has no memory in resources.limits",
      ],
    );
  });

  it("asks for what its settings name", async () => {
    const settings = { limits: ["cpu", "memory"] };
    assert.deepEqual(await judge(resourceLimits, [deployment()], { settings }), [
      "Deployment notes/notes: container notes has no cpu in resources.limits",
    ]);
  });

  it("asks nothing of a workload without data", async () =>
    assert.deepEqual(await judge(resourceLimits, [stateless((pod) => delete pod.containers[0].resources)]), []));
});

describe("probes", () => {
  it("refuses a container that doesn't say when it is ready", async () => {
    assert.deepEqual(await judge(probes, [deployment((pod) => delete pod.containers[0].readinessProbe)]), [
      "Deployment notes/notes: container notes has no readinessProbe",
    ]);
    assert.deepEqual(
      await judge(probes, [statefulSet((spec) => delete spec.template.spec.containers[0].readinessProbe)]),
      ["StatefulSet notes/ledger: container notes has no readinessProbe"],
    );
  });

  it("asks for a liveness probe where that is wanted", async () => {
    const settings = { liveness: true };
    assert.deepEqual(await judge(probes, [deployment()], { settings }), [
      "Deployment notes/notes: container notes has no livenessProbe",
    ]);
    assert.deepEqual(
      await judge(probes, [deployment((pod) => (pod.containers[0].livenessProbe = {}))], { settings }),
      [],
    );
  });

  it("asks nothing of a workload without data", async () =>
    assert.deepEqual(await judge(probes, [stateless((pod) => delete pod.containers[0].readinessProbe)]), []));
});
