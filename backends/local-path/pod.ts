import type { types } from "@pulumi/kubernetes";
import type { LocalPathInstall } from "./install";
import { labels, selector } from "../../model/metadata";
import type { Owner } from "../../model/plan";
import { passFields } from "../../plan/settings/pod";
import { hashOf } from "../../components/hash";
import { containerSecurity, nobody, podDefaults, resources } from "../../components/pod-defaults";

export interface ProvisionerNames {
  app: string;
  namespace: string;
  account: string;
  helperAccount: string;
  config: string;
}

const configDirectory = "/etc/config";

function args(names: ProvisionerNames, install: LocalPathInstall): string[] {
  const rates = install.clientRates
    ? ["--kube-client-qps", String(install.clientRates.qps), "--kube-client-burst", String(install.clientRates.burst)]
    : [];
  return [
    "start",
    ...["--config", `${configDirectory}/config.json`],
    ...["--configmap-name", names.config],
    ...["--provisioner-name", install.provisioner],
    ...["--helper-image", install.helperImage],
    // Helper pods run as root on the nodes, so their account has no rights.
    ...["--service-account-name", names.helperAccount],
    ...["--worker-threads", String(install.workers)],
    ...rates,
  ];
}

/** Liveness asks only whether the process answers. Readiness asks whether the API server lets it do its work. */
const health: Partial<types.input.core.v1.Container> = {
  ports: [{ name: "health", containerPort: 8080, protocol: "TCP" }],
  startupProbe: {
    httpGet: { path: "/health", port: "health" },
    periodSeconds: 1,
    timeoutSeconds: 5,
    failureThreshold: 60,
  },
  livenessProbe: { httpGet: { path: "/health", port: "health" }, periodSeconds: 20, timeoutSeconds: 5 },
  readinessProbe: { httpGet: { path: "/ready", port: "health" }, periodSeconds: 5, timeoutSeconds: 5 },
};

export function provisionerPod(names: ProvisionerNames, install: LocalPathInstall): types.input.core.v1.PodSpec {
  return {
    ...podDefaults(nobody),
    ...passFields(install.pod),
    automountServiceAccountToken: true,
    serviceAccountName: names.account,
    priorityClassName: "system-cluster-critical",
    containers: [
      {
        name: names.app,
        image: install.image,
        imagePullPolicy: "IfNotPresent",
        command: ["local-path-provisioner"],
        args: args(names, install),
        env: [
          { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
          // The directory in which the provisioner looks for a changed helper pod.
          { name: "CONFIG_MOUNT_PATH", value: configDirectory },
        ],
        ...(install.hasHealth && health),
        resources: resources({ requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } }),
        securityContext: containerSecurity(true),
        volumeMounts: [{ name: "config", mountPath: configDirectory, readOnly: true }],
      },
    ],
    volumes: [{ name: "config", configMap: { name: names.config } }],
  };
}

/**
 * The pod's template has a hash of the files, so changed files replace the pod. A running pod would see them only a
 * minute later, and make volumes in the wrong directory until then.
 */
export function provisionerTemplate(
  owner: Owner,
  { app }: ProvisionerNames,
  { files }: LocalPathInstall,
  spec: types.input.core.v1.PodSpec,
) {
  const annotations = { "cluster-storage/config": hashOf(files) };
  return {
    selector: { matchLabels: selector(app) },
    template: { metadata: { labels: labels(owner, app, "provisioner"), annotations }, spec },
  };
}
