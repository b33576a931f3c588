import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { locate, readCluster } from "../../kube/cluster";
import type { ServicePlan } from "../../model/plan";
import { namedNodes } from "../../plan/guard-nodes";

export const claimList = {
  items: [
    {
      metadata: {
        name: "redis-data",
        namespace: "cache",
        uid: "4711",
        labels: { "app.kubernetes.io/name": "redis" },
        annotations: {
          "cluster-storage/stack": "p/dev",
          "cluster-storage/unprotected": "true",
          "volume.kubernetes.io/selected-node": "worker-1",
        },
      },
      spec: {
        storageClassName: "slow",
        volumeName: "pvc-1",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
      },
      status: { phase: "Bound" },
    },
    { metadata: { name: "somebody-elses", namespace: "default" }, status: { phase: "Pending" } },
    { metadata: { name: "going", namespace: "cache", deletionTimestamp: "2026-01-01T00:00:00Z" } },
  ],
};
const system = { metadata: { name: "kube-system", uid: "0815", creationTimestamp: "2026-01-01T00:00:00Z" } };
const list = {
  items: [
    { metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } },
    { metadata: { name: "slow", annotations: { "cluster-storage/default-switched-off-by": "p/dev" } } },
    { metadata: { name: "plain" }, allowVolumeExpansion: true },
  ],
};

const volumeList = {
  items: [
    {
      metadata: { name: "pvc-1" },
      spec: {
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace: "cache", name: "redis-data", uid: "4711" },
      },
      status: { phase: "Bound" },
    },
  ],
};

/** The API servers of microk8s. */
const endpointSlices = { items: [{ ports: [{ name: "https", port: 16443, protocol: "TCP" }] }] };

export const answers: Record<string, object> = {
  "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes":
    endpointSlices,
  "/api/v1/persistentvolumes": volumeList,
  "/api/v1/persistentvolumeclaims": claimList,
  "/api/v1/namespaces/kube-system": system,
  "/apis/storage.k8s.io/v1/storageclasses": list,
};

export const answer: RequestListener = (request, response) =>
  void response.end(JSON.stringify(answers[request.url ?? ""]));

/** A server that stands for the API server of each test, and a kubeconfig that leads to it as context `minikube`. */
export function servedCluster() {
  let directory: string;
  let kubeconfig: string;
  let server: Server | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    kubeconfig = join(directory, "config");
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    rmSync(directory, { recursive: true });
  });

  function writeKubeconfig(url: string, user: object = { token: "of-a-user" }): void {
    const content = {
      clusters: [{ name: "c", cluster: { server: url } }],
      users: [{ name: "u", user }],
      contexts: [
        { name: "minikube", context: { cluster: "c", user: "u" } },
        { name: "lost", context: { cluster: "gone", user: "u" } },
      ],
    };
    writeFileSync(kubeconfig, stringify(content));
  }

  async function serve(listener: RequestListener, user?: object): Promise<string> {
    server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeKubeconfig(url, user);
    return url;
  }

  const look = async (context = "minikube", services: ServicePlan[] = []) => {
    const cluster = { context, kubeconfig, identifier: "dev" };
    return readCluster(cluster, locate(cluster), (claims) => namedNodes({ services }, claims).length > 0);
  };

  async function refused(message: string, context?: string): Promise<void> {
    await assert.rejects(look(context), (error: Error) => {
      assert.equal(error.message, message);
      assert.ok(pulumi.RunError.isInstance(error), "a user's mistake has no stack trace");
      return true;
    });
  }

  return { serve, look, refused, writeKubeconfig, kubeconfig: () => kubeconfig, stop: () => server?.close() };
}
