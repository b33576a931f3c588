import assert from "node:assert/strict";
import type { KubernetesObject } from "@kubernetes/client-node";
import { ops } from "./cli";
import { create, longhornLeftovers, remove } from "./doctored";
import { instance, useDeployedStack } from "./fixture";
import type { Report } from "./preflight-ground";
import { until } from "./state";

const place = "somebody-elses-storage";

const namespace: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: place } };

/** As a Longhorn keeps it of each volume: which copies are whose. */
const volume: KubernetesObject = {
  apiVersion: "longhorn.io/v1beta2",
  kind: "Volume",
  metadata: { name: "pvc-1", namespace: place },
};

/** What installs Longhorn's driver; no node has the label that its pod wants, so it never runs. */
const deployer = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "longhorn-driver-deployer", namespace: place },
  spec: {
    selector: { matchLabels: { app: "longhorn" } },
    template: {
      metadata: { labels: { app: "longhorn" } },
      spec: {
        nodeSelector: { nowhere: "true" },
        containers: [{ name: "deployer", image: "longhornio/longhorn-manager:v1.12.1" }],
      },
    },
  },
};

describe("what is left of a Longhorn", () => {
  const cluster = useDeployedStack();
  const said = async () => {
    const { stdout } = await ops(["preflight", "--json"], { CLUSTER_STORAGE_INSTANCE: instance });
    const found = (JSON.parse(stdout) as Report).results.filter(({ id }) => id === "longhorn-leftovers");
    return found.map(({ level, title, wayOut = "" }) => ({ level, title, wayOut }));
  };

  before(async () => {
    await create(cluster().kube, [...longhornLeftovers, namespace]);
    await until("the definition is served", async () =>
      cluster()
        .kube.objects.create(volume)
        .then(
          () => true,
          () => false,
        ),
    );
  });
  after(() => remove(cluster().kube, [deployer as KubernetesObject, volume, ...longhornLeftovers, namespace]));

  it("isn't told to be deleted while an object stands for data, in whatever namespace", async () => {
    assert.deepEqual(await said(), [
      {
        level: "warning",
        title:
          "no Longhorn runs, but the cluster has 1 object of its definitions (volumes somebody-elses-storage/pvc-1)",
        wayOut:
          "delete none of its definitions, because a definition's objects go with it, and Longhorn finds the data on " +
          "the nodes by them; install the Longhorn again that made them (the same version, in the same namespace), " +
          "see what its volumes hold, and uninstall it by its own way, which refuses while a volume is in use",
      },
    ]);
  });

  it("isn't there where a Longhorn is, though in another namespace and without its driver", async () => {
    await create(cluster().kube, [deployer]);
    assert.deepEqual(await said(), [
      {
        level: "ok",
        title:
          "Longhorn is in namespace somebody-elses-storage (Deployment longhorn-driver-deployer), and nothing of it " +
          "is left over",
        wayOut: "",
      },
    ]);
  });

  it("is told to be deleted once nothing stands for data", async () => {
    await remove(cluster().kube, [deployer as KubernetesObject, volume]);
    assert.deepEqual(await said(), [
      {
        level: "warning",
        title:
          "an earlier Longhorn left webhooks (longhorn-webhook-validator), 1 definition without objects and " +
          "namespace longhorn-system",
        wayOut:
          "kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration --ignore-not-found " +
          "longhorn-webhook-validator\nkubectl delete crd volumes.longhorn.io\nkubectl delete namespace " +
          "longhorn-system",
      },
    ]);
  });
});
