import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { V1Secret } from "@kubernetes/client-node";
import { cgroupOf } from "../../local-cluster/instance/layout";
import { countChanges } from "../../ops/pulumi/stack";
import { pulumiWith } from "./cli";
import { deployStack, instance, useCluster } from "./fixture";
import { dependentClaims, fingerprint, idOf, podReadiness, recordedObjects, stackObjects } from "./objects";
import { removeStack, stateText } from "./state";

/** Every claim of the committed dev stack, with its size. */
const claims = {
  "local-ai-data/neo4j-data": "2Gi",
  "local-ai-data/postgres-data": "2Gi",
  "local-ai-data/qdrant-data": "2Gi",
  "local-ai-flowise/flowise-data": "1Gi",
  "local-ai-n8n/n8n-data": "1Gi",
  "local-ai-search/searxng-data": "1Gi",
  "local-ai-system/redis-data": "1Gi",
  "taskflow/app-storage": "1Gi",
  "taskflow/logs-storage": "1Gi",
  "taskflow/postgres-data-taskflow-db-0": "1Gi",
};
const namespaces = [
  "local-ai-data",
  "local-ai-flowise",
  "local-ai-n8n",
  "local-ai-search",
  "local-ai-system",
  "local-path-storage",
  "taskflow",
];

describe("the dev stack, deployed to a cluster that has nothing of it", () => {
  const cluster = useCluster();

  before("nothing of it", async function () {
    this.timeout(300_000);
    await removeStack(cluster());
  });

  it("comes up in one update, with every pod Ready", async () => {
    assert.deepEqual([...(await stackObjects(cluster().kube)).keys()], []);
    await deployStack(cluster());
    const { all, unready } = await podReadiness(cluster().kube);
    assert.equal(all.length, 10, all.join(", "));
    assert.deepEqual(unready, []);
  });

  it("has recorded every object that it made, and nothing else", async () => {
    assert.deepEqual(
      recordedObjects(await stateText(cluster())),
      [...(await stackObjects(cluster().kube)).keys()].sort(),
    );
  });

  it("has no claim that takes a value from another resource: the engine replaces together what does", async () => {
    assert.deepEqual(dependentClaims(await stateText(cluster())), []);
  });

  it("has each claim Bound, with its class and size, to a volume of the type local on its own directory", async () => {
    const { kube, volumes } = cluster();
    const [found, all] = await Promise.all([
      kube.core.listPersistentVolumeClaimForAllNamespaces(),
      kube.core.listPersistentVolume(),
    ]);
    const facts = found.items.map((claim) => [
      idOf(claim),
      `${claim.status?.phase} ${claim.spec?.storageClassName} ${claim.status?.capacity?.storage}`,
    ]);
    assert.deepEqual(
      Object.fromEntries(facts.sort()),
      Object.fromEntries(Object.entries(claims).map(([name, size]) => [name, `Bound local-path ${size}`])),
    );
    assert.equal(all.items.length, found.items.length);
    for (const { metadata, spec } of all.items) {
      assert.deepEqual(
        Object.keys(spec!).filter((key) => ["local", "hostPath", "csi", "nfs"].includes(key)),
        ["local"],
        metadata?.name,
      );
      const claim = `${spec?.claimRef?.namespace}_${spec?.claimRef?.name}`;
      assert.equal(spec?.local?.path, join(volumes, `${metadata?.name}_${claim}`));
      assert.ok(spec?.nodeAffinity, "a local volume is held to its node");
    }
  });

  it("leaves one default class", async () => {
    const { items } = await cluster().kube.objects.list("storage.k8s.io/v1", "StorageClass");
    const defaults = items.filter(
      ({ metadata }) => metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    );
    assert.deepEqual(defaults.map(idOf), ["local-path"]);
  });

  it("changes nothing when it is deployed again", async () => {
    const before = await fingerprint(cluster().kube);
    const { exitCode, printed } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
    assert.equal(exitCode, 0, printed);
    assert.deepEqual(Object.keys(countChanges(printed)), ["unchanged"]);
    assert.deepEqual(await fingerprint(cluster().kube), before);
  });

  it("is as declared for preview --expect-no-changes", async () => {
    const { exitCode, printed } = await pulumiWith(cluster(), {}, ["preview", "--expect-no-changes"]);
    assert.equal(exitCode, 0, printed);
  });

  it("enforces restricted Pod Security in every namespace but the provisioner's", async () => {
    const objects = await stackObjects(cluster().kube);
    const levels = namespaces.map((name) => [
      name,
      objects.get(`Namespace ${name}`)?.metadata?.labels?.["pod-security.kubernetes.io/enforce"],
    ]);
    const expected = namespaces.map((name) => [name, name === "local-path-storage" ? "privileged" : "restricted"]);
    assert.deepEqual(levels, expected);
    assert.deepEqual(
      [...objects.keys()].filter((name) => name.startsWith("Namespace ")).sort(),
      namespaces.map((name) => `Namespace ${name}`),
    );
  });

  it("runs no process of a pod as root", () => {
    const uids = podProcesses().flatMap(uidOf);
    assert.ok(uids.length >= 20, `${uids.length} processes: each pod has one and its pause container's`);
    assert.deepEqual(
      uids.filter((uid) => uid === "0"),
      [],
    );
  });

  it(
    "keeps no generated password in plain text: not in the state, its history, its config or the " + "update's log",
    async () => {
      const { stack } = cluster().target;
      const secrets = [...(await stackObjects(cluster().kube)).values()].filter(
        ({ kind }) => kind === "Secret",
      ) as V1Secret[];
      const encoded = secrets.flatMap(({ data }) => Object.values(data ?? {})).filter((value) => value.length > 40);
      assert.ok(encoded.length >= 7, `${encoded.length} generated values`);
      const files = await readdir(dirname(stack.home), { recursive: true, withFileTypes: true });
      const names = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      for (const needed of ["up.log", `${stack.name}.json`])
        assert.ok(
          names.some((name) => name.endsWith(`/${needed}`)),
          `no ${needed} among ${names.join(", ")}`,
        );
      for (const name of names) {
        const text = await readFile(name, "utf8");
        for (const value of encoded) {
          assert.ok(
            !text.includes(value) && !text.includes(Buffer.from(value, "base64").toString()),
            `${name} holds a password`,
          );
        }
      }
    },
  );
});

/**
 * The user of a process. None where it has ended, and none of runc itself, which is root until a probe's command has
 * its user.
 */
function uidOf(pid: string): string[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^Name:\s+runc(:\[|$)/m.test(status) ? [] : [/^Uid:\s+(\d+)/m.exec(status)![1]!];
  } catch {
    return [];
  }
}

/** Process ids of everything that runs in this instance's pods. */
function podProcesses(): string[] {
  return globSync("/proc/[0-9]*/cgroup").flatMap((file) => {
    try {
      return readFileSync(file, "utf8").includes(`/${cgroupOf(instance)}/kubepods`) ? [file.split("/")[2]!] : [];
    } catch {
      return []; // It ended meanwhile.
    }
  });
}
