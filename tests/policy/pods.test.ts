import assert from "node:assert/strict";
import type { Loose } from "../components/recorded";
import { noHostPath } from "../../policy/rules/no-host-path";
import { noServiceLinks } from "../../policy/rules/no-service-links";
import { pinnedImage } from "../../policy/rules/pinned-image";
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

  it("lets a provisioner do it, whose namespaces may be others", async () => {
    const provisioner = (namespace: string) =>
      deployment((pod, { props }) => (mount(pod), (props.metadata.namespace = namespace)));
    assert.deepEqual(await judge(noHostPath, [provisioner("local-path-storage")]), []);
    const settings = { namespaces: ["csi-*"] };
    assert.deepEqual(
      await judge(noHostPath, [provisioner("csi-nodes"), provisioner("local-path-storage")], { settings }),
      ["Deployment local-path-storage/notes mounts /var/lib of its node as host; use a claim"],
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

describe("pinned-image", () => {
  const using = (image: string, settings = {}) =>
    judge(pinnedImage, [deployment((pod) => (pod.containers[0].image = image))], { settings });
  const refused = (image: string, why: string) => [
    `Deployment notes/notes: image "${image}" of container notes ${why}`,
  ];
  const digest = `notes@sha256:${"0".repeat(64)}`;

  it("refuses latest, and what means it", async () => {
    assert.deepEqual(
      await using("notes:latest"),
      refused("notes:latest", "has the tag latest, which changes by itself; name a version"),
    );
    for (const image of ["notes", "host:5000/notes"])
      assert.deepEqual(await using(image), refused(image, "has no tag, which means latest; name a version"));
  });

  it("refuses a tag that goes on to other images", async () => {
    assert.deepEqual(
      await using("notes:stable"),
      refused("notes:stable", "has the tag stable, which changes by itself; name a version"),
    );
  });

  it("refuses such a tag with a variant's name behind it, though that has a number", async () => {
    for (const tag of ["latest-amd64", "stable-alpine3.20", "nightly-x86_64", "LTS-bookworm-12"]) {
      assert.deepEqual(
        await using(`notes:${tag}`),
        refused(`notes:${tag}`, `has the tag ${tag}, which changes by itself; name a version`),
      );
    }
  });

  it("takes one build of such a line", async () => {
    for (const tag of ["main-3f2a1b9", "nightly-20260101", "develop-2.1.0-3f2a1b9c", "latestish-2.1"])
      assert.deepEqual(await using(`notes:${tag}`), []);
  });

  it("looks at images that are mounted", async () => {
    const broken = deployment((pod) => pod.volumes.push({ name: "model", image: { reference: "model:latest" } }));
    assert.deepEqual(await judge(pinnedImage, [broken]), [
      'Deployment notes/notes: image "model:latest" of volume model has the tag latest, which changes by ' +
        "itself; name a version",
    ]);
  });

  it("takes a version and a digest", async () => {
    for (const image of ["notes:2.1.0", "host:5000/notes:2.1.0-alpine", digest, `notes:latest@${digest.slice(6)}`])
      assert.deepEqual(await using(image), []);
  });

  it("takes nothing but a digest where that is asked for", async () => {
    assert.deepEqual(
      await using("notes:2.1.0", { digest: true }),
      refused("notes:2.1.0", "has no digest; pin it with @sha256:…"),
    );
    assert.deepEqual(await using(digest, { digest: true }), []);
  });

  it("looks at what runs before the others", async () => {
    const broken = deployment((pod) => (pod.initContainers = [{ name: "wait", image: "busybox" }]));
    assert.deepEqual(await judge(pinnedImage, [broken]), [
      'Deployment notes/notes: image "busybox" of container wait has no tag, which means latest; name a version',
    ]);
  });
});

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
