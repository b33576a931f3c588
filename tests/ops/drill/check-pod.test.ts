import assert from "node:assert/strict";
import { checkingPod } from "../../../ops/drill/check-pod";

const ground = { namespace: "backups-drill", run: "r1" };

describe("the pod that checks a stopped copy's files", () => {
  const probe = { tcpSocket: { port: 1 } };
  const copy = {
    metadata: { name: "redis-0", labels: { "app.kubernetes.io/name": "redis" } },
    spec: {
      securityContext: { runAsUser: 999 },
      shareProcessNamespace: true,
      terminationGracePeriodSeconds: 60,
      initContainers: [{ name: "waits" }],
      containers: [
        {
          name: "redis",
          image: "redis:7",
          command: ["sh", "-c", "start"],
          args: ["more"],
          env: [{ name: "A", value: "a" }],
          ports: [{ containerPort: 6379 }],
          startupProbe: probe,
          readinessProbe: probe,
          livenessProbe: probe,
          lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
          resources: { limits: { memory: "1Gi" } },
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
        { name: "beside" },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "redis-data" } }],
    },
  };

  it("is the copy's, with its volumes and user, and nobody finds the service there", () =>
    assert.deepEqual(checkingPod(ground, copy, "redis", ["sh", "-c", "check"]), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "redis-0-check",
        namespace: "backups-drill",
        labels: { "cluster-storage/drill-part": "check", "cluster-storage/drill": "r1" },
      },
      spec: {
        securityContext: { runAsUser: 999 },
        shareProcessNamespace: true,
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 0,
        activeDeadlineSeconds: 21600,
        containers: [
          {
            name: "redis",
            image: "redis:7",
            command: ["sh", "-c", "check"],
            env: [{ name: "A", value: "a" }],
            resources: { limits: { memory: "1Gi" } },
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "redis-data" } }],
      },
    }));
});
