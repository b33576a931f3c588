import type { Check } from "../../model/backend";
import { ownerName } from "../../model/metadata";
import { results } from "../../preflight/results";

export interface DriverSettings {
  /** Whether the backend installs the driver. Otherwise it uses one that is there. */
  install: boolean;
}

/** A cluster can have a CSI driver only once, so either this stack installs it or somebody else does. */
export function driverCheck(type: string, driver: string): Check<DriverSettings> {
  const { ok, error, unread } = results(`${type}-driver`);
  return {
    id: `${type}-driver`,
    group: type,
    run({ name, config, facts: { drivers, namespaces }, plan }) {
      if (!drivers || !namespaces) return [unread("CSI drivers and namespaces")];
      const there = drivers.includes(driver);
      if (!config.install) {
        const other = plan.backends.find((backend) => backend.type === type && backend.install !== undefined);
        if (other) return [ok(`the driver ${driver} comes with backend ${other.name}`)];
        if (there) return [ok(`the driver ${driver} is there`)];
        return [
          error(
            `the driver ${driver} is not in the cluster, and backends.${name}.install is false`,
            `install it, or let this backend do so: cluster-storage:backends.${name}.install: true`,
          ),
        ];
      }
      const namespace = plan.backends.find((backend) => backend.name === name)?.install?.namespace;
      const ours = namespaces.find((found) => found.name === namespace)?.stack === ownerName(plan.owner);
      if (!there || ours)
        return [ok(ours ? `the driver ${driver} is this stack's` : `no other installation has the driver ${driver}`)];
      return [
        error(
          `the driver ${driver} is in the cluster already, and not by this stack: two installations fight ` +
            "over its volumes",
          `use the one that is there: cluster-storage:backends.${name}.install: false`,
        ),
      ];
    },
  };
}
