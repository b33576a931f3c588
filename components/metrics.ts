import { Deployment } from "@pulumi/kubernetes/apps/v1";
import type { types } from "@pulumi/kubernetes";
import { Service } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { backupsName } from "../model/backup";
import type { BackupsPlan } from "../model/backups";
import { labels, selector } from "../model/metadata";
import { metricsName, metricsPort, type MetricsPlan } from "../model/metrics";
import type { MoverPlan, Owner } from "../model/plan";
import { createNoteReader } from "./give-rights";
import { metricsPolicy } from "./network";
import { containerSecurity, nobody, podDefaults, resources } from "./pod-defaults";

const component = "backup-metrics";
const small = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } };

/** The pod that serves the metrics. It has no secret, and may only read the claims that have a backup's notes. */
export function metricsPod({ task }: MetricsPlan, mover: MoverPlan): types.input.core.v1.PodSpec {
  const ready = { httpGet: { path: "/ready", port: metricsPort }, periodSeconds: 10 };
  return {
    ...podDefaults(nobody),
    automountServiceAccountToken: true,
    serviceAccountName: metricsName,
    containers: [
      {
        name: "metrics",
        image: mover.image,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "/programs/metrics.mjs"],
        env: [{ name: "METRICS", value: JSON.stringify(task) }],
        ports: [{ name: "metrics", containerPort: metricsPort }],
        resources: resources(small),
        securityContext: containerSecurity(true),
        readinessProbe: ready,
        livenessProbe: ready,
        volumeMounts: [{ name: "programs", mountPath: "/programs", readOnly: true }],
      },
    ],
    volumes: [{ name: "programs", configMap: { name: backupsName } }],
  };
}

/** Serves the notes of the backups as metrics, to one namespace. `after`: what all backups share. */
export function createMetrics(
  { owner, backups, mover }: { owner: Owner; backups: BackupsPlan; mover: MoverPlan },
  after: pulumi.Resource[],
  parent: pulumi.Resource,
): void {
  const { namespace, metrics } = backups;
  if (!metrics) return;
  const reader = { owner, component, name: metricsName, namespace };
  const { home, account, given } = createNoteReader(reader, metrics.task.services, parent);
  const policy = new NetworkPolicy(metricsName, { metadata: home, spec: metricsPolicy(metrics.from) }, { parent });
  // What most configurations of Prometheus find a target by. Pulumi waits for the Deployment behind it.
  const found = {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(metricsPort),
    "pulumi.com/skipAwait": "true",
  };
  new Service(
    metricsName,
    {
      metadata: { ...home, annotations: { ...home.annotations, ...found } },
      spec: {
        selector: selector(metricsName),
        ports: [{ name: "metrics", port: metricsPort, targetPort: metricsPort }],
      },
    },
    { parent },
  );
  new Deployment(
    metricsName,
    {
      metadata: home,
      spec: {
        replicas: 1,
        selector: { matchLabels: selector(metricsName) },
        template: { metadata: { labels: labels(owner, metricsName, component) }, spec: metricsPod(metrics, mover) },
      },
    },
    { parent, dependsOn: [...after, account, ...given, policy], customTimeouts: { create: "5m", update: "5m" } },
  );
}
