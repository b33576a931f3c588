import { parse } from "yaml";
import { labels } from "../../model/metadata";
import type { Owner } from "../../model/plan";
import type { PlannedPod, PlannedPodSpec } from "../../model/planned-pod";
import { namesOf, type LocalPathInstall } from "./install";
import { provisionerPod } from "./pod";

/** The provisioner's pod, and one that it starts on a node to make a volume's directory there. */
export function localPathPods(name: string, install: LocalPathInstall, owner: Owner): PlannedPod[] {
  const names = namesOf(name, install);
  const helper = (parse(install.files["helperPod.yaml"] ?? "") as { spec: PlannedPodSpec }).spec;
  // As the provisioner completes it: local-path-provisioner, provisioner.go, createHelperPod.
  const mounts = { volumeMounts: [{ name: "data", mountPath: "/data" }] };
  const spec = {
    ...helper,
    serviceAccountName: names.helperAccount,
    restartPolicy: "Never",
    containers: helper.containers.map((container) => ({ ...container, ...mounts })),
    volumes: [{ name: "data", hostPath: { path: "/data", type: "DirectoryOrCreate" } }],
  };
  const pod = { backend: name, namespace: names.namespace };
  return [
    {
      ...pod,
      what: `the provisioner's pod of backend ${name}`,
      labels: labels(owner, names.app, "provisioner"),
      spec: provisionerPod(names, install) as PlannedPodSpec,
    },
    { ...pod, what: `a pod that makes a volume's directory for backend ${name}`, labels: {}, spec },
  ];
}
