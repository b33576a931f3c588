import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "../../protocol/values";
import { field } from "./fields";
import type { Observation, Readiness } from "./types";

/** Ready: as many replicas as are wanted are available. */
export async function replicationController({ live }: Observation): Promise<Readiness> {
  const [wanted, available] = [field(live, "spec", "replicas"), field(live, "status", "availableReplicas")];
  return {
    ready: wanted !== undefined && wanted === available,
    progress: `Waiting for the ReplicationController's pods (${String(available ?? 0)} of ${String(wanted)} available)`,
  };
}

/** Ready: its controller has taken its limits over. */
export async function quota({ live }: Observation): Promise<Readiness> {
  const [wanted, taken] = [field(live, "spec", "hard"), field(live, "status", "hard")];
  return {
    ready: isJsonObject(wanted) && isDeepStrictEqual(wanted, taken),
    progress: "Waiting for the ResourceQuota's limits to be in force",
  };
}

/** Whether a controller writes what the Secret holds. */
export const isToken = ({ type }: JsonObject) => type === "kubernetes.io/service-account-token";

/** Ready: it holds something. */
export async function secret({ live }: Observation): Promise<Readiness> {
  const data = field(live, "data");
  return {
    ready: isJsonObject(data) && Object.keys(data).length > 0,
    progress: "Waiting for the ServiceAccount's token",
  };
}
