import assert from "node:assert/strict";
import type { KubernetesObject } from "@kubernetes/client-node";
import { PatchStrategy } from "@kubernetes/client-node";
import type { Overrides } from "../../ops/pulumi/overrides";
import { readWritten } from "../../model/engine-version";
import { writtenByAnnotation } from "../../model/metadata";
import { isReady, podsOf, waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { podState } from "../../kube/stuck";
import { pulumiWith, stackError } from "./cli";
import { deployStack, useDeployedStack } from "./fixture";
import { fingerprint, recordedObjects } from "./objects";
import { stateText, until } from "./state";

const services = "cluster-storage:services";
const up = ["up", "--yes", "--skip-preview"];
const qdrant: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "qdrant" };

describe("another version, image or request of what holds data", () => {
  const cluster = useDeployedStack();

  const written = async (namespace: string, name: string) => {
    const { metadata } = await cluster().kube.core.readNamespacedPersistentVolumeClaim({ namespace, name });
    return readWritten(metadata?.annotations?.[writtenByAnnotation]);
  };
  const imageOf = (service: string) =>
    (cluster().overrides[services] as Record<string, { image: { ref: string } }>)[service]!.image.ref;

  /** That nothing was touched, and what the first error was. */
  async function refused(change: Overrides, args = ["preview"]): Promise<string> {
    const recorded = async () => recordedObjects(await stateText(cluster()));
    const [before, state] = [await fingerprint(cluster().kube), await recorded()];
    const { exitCode, printed } = await pulumiWith(cluster(), change, args);
    assert.notEqual(exitCode, 0);
    assert.deepEqual(await recorded(), state);
    const gone = (name: string) => /^(Job|Pod)? ?local-ai-[a-z]+\/\w+-image-/.test(name);
    const after = Object.entries(await fingerprint(cluster().kube)).filter(
      ([name]) => !gone(name.replace(/^Pod /, "")),
    );
    assert.deepEqual(Object.fromEntries(after), before);
    return stackError(printed);
  }

  it("has noted on each claim of an engine what has written to it", async function () {
    if (!imageOf("redis").startsWith("localhost/")) this.skip();
    for (const [namespace, claim, engine, service] of [
      ["local-ai-system", "redis-data", "Redis", "redis"],
      ["local-ai-data", "postgres-data", "PostgreSQL", "postgres"],
      ["local-ai-data", "qdrant-data", "a stand-in for Qdrant", "qdrant"],
    ] as const) {
      const note = await written(namespace, claim);
      assert.deepEqual([note?.engine, note?.image], [engine, imageOf(service)]);
    }
  });

  it("is refused in preview where the engine doesn't take it with its files", async function () {
    const [redis, postgres, taskflow] = await Promise.all([
      written("local-ai-system", "redis-data"),
      written("local-ai-data", "postgres-data"),
      written("taskflow", "postgres-data-taskflow-db-0"),
    ]);
    if (!redis?.image.startsWith("localhost/")) this.skip();
    const ours = { redis: redis!, postgres: postgres!, qdrant: (await written("local-ai-data", "qdrant-data"))! };
    const was = (name: keyof typeof ours, claim: string) => {
      const { engine, version, image } = ours[name];
      return (
        `  cluster-storage:services.${name}.image: claim ${claim} was last written by ` +
        `${engine}${version ? ` ${version}` : ""} (${image}), and `
      );
    };
    const again = (name: keyof typeof ours) => `set services.${name}.image to ${ours[name].image} again, or `;
    const error = await refused({
      [services]: {
        redis: { image: "redis:6.2" },
        postgres: { image: "postgres:18.1-bookworm" },
        qdrant: { image: "qdrant/qdrant:v1.19.0-unprivileged" },
        "taskflow-db": { image: `postgres:${taskflow!.version}-alpine3.24` },
      },
    });
    const lines = error.split("\n");
    assert.equal(lines[0], 'the config of stack "dev" has 4 faults, so nothing was changed:');
    const exec = (namespace: string, service: string) => `kubectl -n ${namespace} exec statefulset/${service} --`;
    const dump = (namespace: string, service: string, user: string) =>
      `dump it (${exec(namespace, service)} pg_dumpall -U ${user} > dump.sql) and restore that into a new, empty ` +
      "volume (docs/versions.md)";
    assert.deepEqual(
      lines.slice(1).sort(),
      [
        `${was("redis", "redis-data")}Redis 6.2 can't go on with its files; ${again("redis")}restore a backup that ` +
          "the older version made into a new, empty volume (docs/versions.md)",
        `${was("postgres", "postgres-data")}PostgreSQL 18.1 can't go on with its files; ${again("postgres")}` +
          dump("local-ai-data", "postgres", "postgres"),
        `${was("qdrant", "qdrant-data")}Qdrant can't read its files; ${again("qdrant")}give the service a new, empty ` +
          "volume (docs/versions.md)",
        "  cluster-storage:services.taskflow-db.image: claim postgres-data-taskflow-db-0 was last written by " +
          `PostgreSQL ${taskflow!.version} (${taskflow!.image}), and alpine sorts text otherwise than ` +
          `${taskflow!.libc}, so that PostgreSQL's indexes would be wrong; choose an image with ${taskflow!.libc}, ` +
          "or " +
          dump("taskflow", "taskflow-db", "taskflow"),
      ].sort(),
    );
  });

  it("is refused in preview where no node has as much as its pod asks for", async () => {
    const { items } = await cluster().kube.core.listNode();
    assert.equal(
      await refused({ [services]: { postgres: { resources: { requests: { cpu: "640" } } } } }),
      [
        'the cluster of stack "dev" fails a check, so nothing was changed:',
        "  ✗ postgres asks for cpu 640, and no node that its pod can go to has as much: " +
          `${items[0]!.metadata!.name} (cpu ${items[0]!.status!.allocatable!.cpu}) [node-room]`,
        "      lower cluster-storage:services.postgres.resources.requests.cpu, or add a node that has as much",
        "A check that doesn't matter here is skipped by its name: cluster-storage:preflight.skip (docs/preflight.md).",
      ].join("\n"),
    );
  });

  it("is refused in an update, before the old pod goes, where its image can't be pulled", async function () {
    const image = imageOf("postgres").replace(/:(\d+)\.\d+/, ":$1.99");
    if (image === imageOf("postgres")) this.skip();
    const error = await refused({ [services]: { postgres: { image } } }, up);
    const [node] = (await cluster().kube.core.listNode()).items;
    const [head, why, ...more] = error.split("\n");
    assert.equal(head, 'the config of stack "dev" has 1 fault, so nothing was changed:');
    const begin = `  cluster-storage:services.postgres.image: node ${node!.metadata!.name} can't get image ${image} (`;
    assert.ok(why!.startsWith(`${begin}ErrImagePull: `), error);
    assert.ok(
      why!.endsWith("); correct the image, or make it available there; the workload and its pod were left as they are"),
      error,
    );
    assert.deepEqual(more, []);
  });

  describe("after a StatefulSet got a pod that can never start", () => {
    after("as it was", async function () {
      this.timeout(300_000);
      await deployStack(cluster());
    });

    it("is put right by an update, which replaces that pod and says so", async function () {
      this.timeout(300_000);
      const { kube } = cluster();
      const [before] = (await podsOf(kube, qdrant))!;
      const image = "localhost/cluster-storage/nothing:1";
      const spec = { template: { spec: { containers: [{ name: "qdrant", image }] } } };
      const set = {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "qdrant", namespace: qdrant.namespace },
      };
      const bad = { ...set, spec } as KubernetesObject;
      await kube.objects.patch(bad, undefined, undefined, undefined, undefined, PatchStrategy.StrategicMergePatch);
      await until("the new pod can't get its image", async () => {
        const [pod] = (await podsOf(kube, qdrant))!;
        return (
          pod && pod.metadata?.uid !== before!.metadata?.uid && /ErrImagePull|ImagePullBackOff/.test(podState(pod))
        );
      });
      const began = Date.now();
      const { exitCode, printed } = await pulumiWith(cluster(), { [services]: { qdrant: { graceSeconds: 61 } } }, up);
      assert.equal(exitCode, 0, printed);
      assert.ok(Date.now() - began < 150_000, "it waited for a pod that nobody replaced");
      assert.match(
        printed.replaceAll(/\s+/g, " "),
        new RegExp(
          String.raw`pod qdrant-0 in namespace local-ai-data never became ready \((ErrImagePull|ImagePullBackOff).*\)` +
            String.raw`, and Kubernetes doesn't replace such a pod by itself; it was deleted, so that its ` +
            String.raw`StatefulSet makes it again as the config says; its claims \(qdrant-data\) were left as they are`,
        ),
      );
      assert.ok(isReady(await waitForReadyPod(kube, qdrant, 30_000)));
    });
  });
});
