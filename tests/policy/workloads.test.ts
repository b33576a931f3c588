import assert from "node:assert/strict";
import type { Loose } from "../components/recorded";
import { noHostPath } from "../../policy/rules/no-host-path";
import { noServiceLinks } from "../../policy/rules/no-service-links";
import { pinnedImage } from "../../policy/rules/pinned-image";
import { probes } from "../../policy/rules/probes";
import { resourceLimits } from "../../policy/rules/resource-limits";
import { judge } from "./judge";
import { deployment } from "./samples";

/** The same pod in another kind of workload; `change` gets it. */
const of = (kind: string, change: (pod: Loose) => void) =>
  deployment((pod, resource) => (change(pod), (resource.type = resource.type.replace(/[^:]+$/, kind))));

describe("a patch of a workload", () => {
  it("is refused what it adds, and asked nothing that it leaves as it is", async () => {
    const patch = (change: (pod: Loose) => void) =>
      of("DeploymentPatch", (pod) => {
        for (const key of Object.keys(pod)) delete pod[key];
        change(pod);
      });
    const adds = patch((pod) =>
      Object.assign(pod, {
        containers: [{ name: "notes", image: "notes:latest" }],
        volumes: [{ name: "host", hostPath: { path: "/var/lib" } }],
      }),
    );
    assert.deepEqual(await judge(pinnedImage, [adds]), [
      'DeploymentPatch notes/notes: image "notes:latest" of container notes has the tag latest, which changes ' +
        "by itself; name a version",
    ]);
    assert.deepEqual(await judge(noHostPath, [adds]), [
      "DeploymentPatch notes/notes mounts /var/lib of its node as host; use a claim",
    ]);
    const other = patch((pod) => (pod.containers = [{ name: "notes", env: [] }]));
    for (const rule of [pinnedImage, noHostPath, noServiceLinks, probes, resourceLimits])
      assert.deepEqual(await judge(rule, [other]), [], rule.name);
  });
});

describe("a workload of another kind with a claim", () => {
  for (const kind of ["DaemonSet", "ReplicaSet", "ReplicationController"]) {
    it(`is looked at alike: ${kind}`, async () => {
      const broken = of(kind, (pod) => {
        delete pod.enableServiceLinks;
        delete pod.containers[0].readinessProbe;
        delete pod.containers[0].resources.limits;
      });
      assert.deepEqual(await judge(noServiceLinks, [broken]), [
        `${kind} notes/notes: its pods have enableServiceLinks on; set it to false`,
      ]);
      assert.deepEqual(await judge(probes, [broken]), [`${kind} notes/notes: container notes has no readinessProbe`]);
      assert.deepEqual(await judge(resourceLimits, [broken]), [
        `${kind} notes/notes: container notes has no memory in resources.limits`,
      ]);
    });
  }

  it("is looked at alike: a bare pod", async () => {
    const { props } = deployment((pod) => delete pod.containers[0].readinessProbe);
    const bare = {
      type: "kubernetes:core/v1:Pod",
      name: "notes",
      props: { metadata: props.metadata, spec: props.spec.template.spec },
      opts: {},
    };
    assert.deepEqual(await judge(probes, [bare]), ["Pod notes/notes: container notes has no readinessProbe"]);
  });
});
