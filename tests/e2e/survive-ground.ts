import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { useDeployedStack } from "./fixture";
import { podReadiness } from "./objects";
import { readRecords, until } from "./state";

export const record = { key: `survives-${Date.now().toString(36)}`, value: "still-here" };

const all = ["flowise", "n8n", "neo4j", "postgres", "qdrant", "redis", "searxng", "taskflow", "taskflow-db"];

export const namespace = "survive";

/** Counts up on its volume, each number on disk before the next. */
const counter = "i=0; while :; do i=$((i+1)); echo $i >>/data/log; sync; sleep 0.1; done";

/** What the tests do over and over to the cluster that they have. */
export function survivalGround(cluster: ReturnType<typeof useDeployedStack>) {
  const kube = () => cluster().kube;
  const intact = async () => {
    const found = await readRecords(cluster(), record);
    assert.deepEqual(
      Object.entries(found).sort(),
      all.map((name) => [name, record.value]),
    );
  };
  const volumesByClaim = async () => {
    const { items } = await kube().core.listPersistentVolumeClaimForAllNamespaces();
    return Object.fromEntries(
      items.map(({ metadata, spec }) => [`${metadata?.namespace}/${metadata?.name}`, spec?.volumeName]),
    );
  };
  const allReady = () => until("all pods Ready", async () => (await podReadiness(kube())).unready.length === 0, 240);
  /** A claim without a class, and a pod that counts on its volume. */
  const makeCounter = async (name: string) => {
    const { "cluster-storage:backends": backends } = cluster().overrides as {
      "cluster-storage:backends": { "local-path": { helperImage?: string } };
    };
    await kube().core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      },
    });
    const container = {
      name: "counter",
      image: backends["local-path"].helperImage ?? "busybox:1.37.0-musl",
      command: ["sh", "-c", counter],
      volumeMounts: [{ name: "data", mountPath: "/data" }],
    };
    const spec = {
      terminationGracePeriodSeconds: 1,
      enableServiceLinks: false,
      containers: [container],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: name } }],
    };
    await kube().core.createNamespacedPod({ namespace, body: { metadata: { name }, spec } });
  };
  const readPod = (name: string): Promise<V1Pod> => kube().core.readNamespacedPod({ namespace, name });
  const counted = async (name: string) => {
    const volume = (await kube().core.readNamespacedPersistentVolumeClaim({ namespace, name })).spec!.volumeName!;
    const log = join(cluster().volumes, `${volume}_${namespace}_${name}`, "log");
    // A container without a probe is Ready before its first line.
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").map(Number) : [];
  };
  const removeCounters = async (names: string[]) => {
    for (const name of names) await kube().core.deleteNamespacedPod({ namespace, name });
    for (const name of names) await kube().core.deleteNamespacedPersistentVolumeClaim({ namespace, name });
    await until("their volumes and directories are gone", async () => {
      const { items } = await kube().core.listPersistentVolume();
      const directories = await readdir(cluster().volumes);
      return (
        !items.some(({ spec }) => spec?.claimRef?.namespace === namespace) &&
        !directories.some((name) => name.includes(`_${namespace}_`))
      );
    });
  };
  return { kube, intact, volumesByClaim, allReady, makeCounter, readPod, counted, removeCounters };
}
