import { join } from "node:path";
import { overrideConfig, type Overrides } from "../../../ops/pulumi/overrides";
import type { Cluster } from "../fixture";
import { stores } from "./stores";

export const stackName = "hands";

/** Three services of the catalogue on a provisioner of the stack's own. */
export function stackFile({ target: { stack }, overrides }: Cluster, disk: string): string {
  const here = (section: string) => overrides[`cluster-storage:${section}`] as Record<string, Overrides>;
  const [first] = Object.values(here("backends"));
  const services = Object.fromEntries(stores.map(({ name }) => [name, { size: "128Mi", ...here("services")[name] }]));
  const backend = { ...first, type: "local-path", sharedDisk: true, overCommit: "warn", reclaimPolicy: "Delete" };
  const config = {
    "pulumi:autonaming": { mode: "disabled" },
    "pulumi:disable-default-providers": ["kubernetes"],
    "cluster-storage:cluster": { ...here("cluster"), kubeconfig: stack.env.KUBECONFIG, identifier: stackName },
    "cluster-storage:mover": here("mover"),
    "cluster-storage:backends": {
      "local-path": { ...backend, path: disk, default: true },
      other: { ...backend, path: join(disk, "other"), class: "other" },
    },
    "cluster-storage:services": services,
  };
  return overrideConfig("# A person's stack.\nconfig: {}\n", config);
}
