import assert from "node:assert/strict";
import type { V1PodTemplateSpec } from "@kubernetes/client-node";
import { restoringPod } from "../../../ops/drill/restore-pod";
import { copiedPod, referencesOf } from "../../../ops/drill/service-pod";
import { cronJobOf } from "../cron-job";

const ground = { namespace: "backups-drill", run: "r1" };
const drill = { "cluster-storage/drill": "r1" };

describe("a service's pod in a drill", () => {
  const template: V1PodTemplateSpec = {
    metadata: {
      labels: { "app.kubernetes.io/name": "postgres", "app.kubernetes.io/instance": "storage-dev", own: "label" },
      annotations: { "pre.hook.backup.velero.io/command": "[]", kept: "yes" },
    },
    spec: {
      serviceAccountName: "postgres",
      priorityClassName: "high",
      containers: [
        { name: "postgres", image: "postgres:17", resources: { requests: { cpu: "250m", memory: "256Mi" } } },
        { name: "plain" },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "postgres-data" } },
        { name: "other", persistentVolumeClaim: { claimName: "somebody-elses" } },
        { name: "tmp", emptyDir: {} },
        { name: "directory", emptyDir: { sizeLimit: "1Gi" } },
      ],
    },
  };
  const copied = (kind: "Deployment" | "StatefulSet") =>
    copiedPod(ground, {
      workload: { kind, name: "postgres" },
      template,
      claims: ["postgres-data", "directory"],
      directories: ["directory"],
      templates: kind === "StatefulSet" ? [{ volume: "more", claim: "more-postgres-0" }] : [],
      hosts: new Map([["redis.cache.svc.cluster.local", "10.0.0.9"]]),
    });

  it("is the service's own, with the drill's claims, and takes the place of no other pod", () =>
    assert.deepEqual(copied("Deployment"), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "postgres",
        namespace: "backups-drill",
        labels: {
          "app.kubernetes.io/name": "postgres",
          own: "label",
          "cluster-storage/drill-part": "service",
          ...drill,
        },
        annotations: { kept: "yes" },
      },
      spec: {
        serviceAccountName: "postgres",
        containers: [
          { name: "postgres", image: "postgres:17", resources: { requests: { cpu: "10m", memory: "256Mi" } } },
          { name: "plain", resources: { requests: {} } },
        ],
        hostAliases: [
          { ip: "10.0.0.9", hostnames: ["redis.cache.svc.cluster.local", "redis.cache.svc", "redis.cache"] },
        ],
        dnsPolicy: "None",
        dnsConfig: { nameservers: ["127.0.0.1"] },
        volumes: [
          { name: "data", persistentVolumeClaim: { claimName: "postgres-data" } },
          { name: "other", emptyDir: {} },
          { name: "tmp", emptyDir: {} },
          { name: "directory", persistentVolumeClaim: { claimName: "directory" } },
        ],
      },
    }));

  it("has the name and the claims that a StatefulSet gives it", () => {
    const { metadata, spec } = copied("StatefulSet");
    assert.deepEqual([metadata?.name, spec?.hostname], ["postgres-0", "postgres-0"]);
    assert.deepEqual(spec?.volumes?.at(-1), {
      name: "more",
      persistentVolumeClaim: { claimName: "more-postgres-0" },
    });
  });

  it("leaves the template as it is", () =>
    assert.equal(template.metadata?.labels?.["cluster-storage/drill"], undefined));
});

describe("what a pod asks for by name", () => {
  it("is found wherever a pod can name it", () =>
    assert.deepEqual(
      referencesOf({
        imagePullSecrets: [{ name: "pull" }],
        initContainers: [{ name: "i", env: [{ name: "A", valueFrom: { secretKeyRef: { name: "init", key: "a" } } }] }],
        containers: [
          {
            name: "c",
            env: [
              { name: "A", value: "plain" },
              { name: "B", valueFrom: { configMapKeyRef: { name: "settings", key: "b" } } },
            ],
            envFrom: [{ secretRef: { name: "env" } }, { configMapRef: { name: "env-map" } }],
          },
        ],
        volumes: [
          { name: "a", secret: { secretName: "file" } },
          { name: "b", configMap: { name: "ca" } },
          { name: "c", projected: { sources: [{ secret: { name: "part" } }, { configMap: { name: "part-map" } }] } },
          { name: "d", emptyDir: {} },
        ],
      }),
      { secrets: ["init", "env", "file", "part", "pull"], configMaps: ["settings", "env-map", "ca", "part-map"] },
    ));
});

describe("the pod that restores in a drill", () => {
  const cronJob = cronJobOf({
    serviceAccountName: "redis-backup",
    restartPolicy: "Never",
    initContainers: [{ name: "restic" }],
    containers: [
      {
        name: "backup",
        image: "mover",
        command: ["node", "/programs/backup.mjs"],
        env: [
          { name: "BACKUP", value: "{}" },
          { name: "RESTIC", value: "/tools/restic" },
        ],
        resources: { limits: { memory: "1Gi", "ephemeral-storage": "3Gi" } },
        volumeMounts: [{ name: "work", mountPath: "/work" }],
      },
    ],
    volumes: [{ name: "work", emptyDir: {} }],
  });
  const task = (volume: string, targetName: string) => ({
    point: "0123",
    of: "storage/dev/redis",
    repository: "https://a",
    volume,
    target: "",
    targetName,
    resume: false,
    service: "redis",
    namespace: "backups-drill",
  });
  const tasks = [task("a", "claim-a"), task("b", "claim-b")];
  const { metadata, spec } = restoringPod(ground, { service: "redis", cronJob, tasks });

  it("is the backup's, without its account and its room on the node, and waits for its keys to be read", () => {
    assert.deepEqual(metadata, {
      name: "redis-restore",
      namespace: "backups-drill",
      labels: { "cluster-storage/drill-part": "restore", ...drill },
    });
    assert.deepEqual([spec?.serviceAccountName, spec?.automountServiceAccountToken], ["default", false]);
    const [container] = spec!.containers;
    assert.deepEqual(container, {
      name: "keys",
      image: "mover",
      command: ["sleep", "21600"],
      env: [
        { name: "RESTORE", value: JSON.stringify(tasks[0]) },
        { name: "RESTIC", value: "/tools/restic" },
      ],
      resources: { requests: {}, limits: { memory: "1Gi" } },
      volumeMounts: [{ name: "work", mountPath: "/work" }],
    });
  });

  it("restores one volume after the other, each to its claim", () => {
    assert.deepEqual(
      spec?.initContainers?.map(({ name, command }) => [name, command?.join(" ")]),
      [
        ["restic", undefined],
        ["restore-target-0", "node /programs/restore.mjs copy"],
        ["restore-target-1", "node /programs/restore.mjs copy"],
      ],
    );
    const second = spec!.initContainers![2]!;
    assert.equal(second.env![0]!.value, JSON.stringify({ ...tasks[1], target: "/target-1" }));
    assert.deepEqual(second.volumeMounts!.at(-1), { name: "target-1", mountPath: "/target-1" });
    assert.deepEqual(spec?.volumes?.slice(-2), [
      { name: "target-0", persistentVolumeClaim: { claimName: "claim-a" } },
      { name: "target-1", persistentVolumeClaim: { claimName: "claim-b" } },
    ]);
  });
});
