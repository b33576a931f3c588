import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { ops, pulumiWith, stackError } from "./cli";
import { create, remove, writeStack } from "./doctored";
import { useDeployedStack } from "./fixture";
import { preflightGround } from "./preflight-ground";

const plurals = { volumesnapshots: "VolumeSnapshot", volumesnapshotcontents: "VolumeSnapshotContent" };

/** Definitions as a snapshot controller brings them. Without the third one, which nothing here makes objects of. */
const definitions = (annotations: Record<string, string>): KubernetesObject[] =>
  Object.entries(plurals).map(
    ([plural, kind]) =>
      ({
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
          name: `${plural}.snapshot.storage.k8s.io`,
          annotations: { "api-approved.kubernetes.io": "unapproved, a test's", ...annotations },
        },
        spec: {
          group: "snapshot.storage.k8s.io",
          scope: "Namespaced",
          names: { kind, plural, singular: kind.toLowerCase() },
          versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
        },
      }) as KubernetesObject,
  );

describe("Helm charts", () => {
  const cluster = useDeployedStack();
  const { troubles } = preflightGround();
  let server: Server;
  let directory: string;
  let hangs = false;
  let version = "1.10.0";
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "charts-"));
    server = createServer((_request, response) => {
      if (!hangs)
        response.end(`entries: { lvm-localpv: [{ version: ${version} }], csi-driver-nfs: [{ version: 4.13.4 }] }`);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const backends = (lvm: object) => ({
    "cluster-storage:backends": {
      ...(cluster().overrides["cluster-storage:backends"] as object),
      lvm: { type: "openebs-lvm", volumeGroup: "data", ...lvm },
    },
  });
  /** The values that the release would be given. */
  const valuesOf = async () => {
    const { exitCode, printed } = await pulumiWith(cluster(), backends({ repository: url() }), ["preview", "--json"]);
    assert.equal(exitCode, 0, printed);
    const { steps } = JSON.parse(printed.slice(printed.indexOf("{\n"))) as {
      steps: { op: string; newState?: { type: string; inputs: { values: unknown } } }[];
    };
    const [release, ...more] = steps.filter(({ newState }) => newState?.type === "kubernetes:helm.sh/v3:Release");
    assert.deepEqual([release?.op, more], ["create", []]);
    return release!.newState!.inputs.values;
  };

  it("whose repository can't be reached stop a preview at once, with the keys that help", async () => {
    const refused = async (repository: string, why: string) => {
      const start = Date.now();
      const { exitCode, printed } = await pulumiWith(cluster(), backends({ repository }), ["preview"]);
      assert.notEqual(exitCode, 0);
      assert.equal(
        stackError(printed),
        [
          'the cluster of stack "dev" fails a check, so nothing was changed:',
          `  ✗ ${repository}, from which backend lvm fetches the chart lvm-localpv 1.10.0 at each preview and ` +
            `update, ${why} [chart-source]`,
          "      name another repository in cluster-storage:backends.lvm.repository or in " +
            "cluster-storage:charts.mirror, or the chart's own archive in cluster-storage:backends.lvm.chart: " +
            "docs/charts.md",
          "A check that doesn't matter here is skipped by its name: cluster-storage:preflight.skip " +
            "(docs/preflight.md).",
        ].join("\n"),
      );
      return (Date.now() - start) / 1000;
    };
    await refused("http://127.0.0.1:1", "refuses connections");
    version = "1.9.0";
    await refused(url(), "doesn't have it (of lvm-localpv it has only 1.9.0)");
    version = "1.10.0";
    hangs = true;
    try {
      const seconds = await refused(url(), "gives no answer within 5 s");
      assert.ok(seconds < 60, `took ${seconds} s`);
    } finally {
      hangs = false;
    }
  });

  it("leave out definitions that are somebody else's, and keep those that are their own", async () => {
    const { kube } = cluster();
    const ours = { analytics: { enabled: false } };
    assert.deepEqual(await valuesOf(), ours);
    const foreign = definitions({});
    await create(kube, foreign);
    try {
      assert.deepEqual(await valuesOf(), { ...ours, crds: { csi: { volumeSnapshots: { enabled: false } } } });
    } finally {
      await remove(kube, foreign);
    }
    const own = definitions({
      "meta.helm.sh/release-name": "lvm-localpv",
      "meta.helm.sh/release-namespace": "lvm-storage",
    });
    await create(kube, own);
    try {
      assert.deepEqual(await valuesOf(), ours);
    } finally {
      await remove(kube, own);
    }
  });

  it("are told where the kubelet's files are, and a probe pod sees where they aren't", async () => {
    const kubeconfig = cluster().target.stack.env.KUBECONFIG!;
    const nas = { type: "nfs", server: "127.0.0.1", share: "/x", repository: url() };
    const preflight = cluster().overrides["cluster-storage:preflight"] as { probeImage: string };
    const said = async (kubeletDirectory: string) => {
      await writeStack(directory, "kubelet", kubeconfig, {
        backends: { nas: { ...nas, kubeletDirectory, default: true } },
        services: {},
        preflight: { probeImage: preflight.probeImage },
      });
      const { stdout } = await ops(["preflight", "--stack", "kubelet", "--json", "--probe"], {
        CLUSTER_STORAGE_STACKS: directory,
      });
      const lines = troubles(stdout);
      const at = lines.findIndex((line) => line.includes("nfs-kubelet"));
      return at < 0 ? [] : lines.slice(at, at + 2);
    };
    assert.deepEqual(await said("/var/lib/k0s/kubelet"), [
      "error nfs-kubelet: the kubelets of local keep their files in /var/lib/kubelet, and the driver would look in " +
        "/var/lib/k0s/kubelet: no volume could be mounted",
      "  set cluster-storage:backends.nas.kubeletDirectory: /var/lib/kubelet",
    ]);
    assert.deepEqual(await said("/var/lib/kubelet"), []);
  });
});
