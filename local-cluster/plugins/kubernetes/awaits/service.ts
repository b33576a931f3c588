import { isJsonObject, type JsonObject } from "../../protocol/values";
import { annotation, nameOf, namespaceOf } from "../annotations";
import { field, items } from "./fields";
import type { Observation, Readiness } from "./types";

// Endpoints appear one by one after the pods. A Service without endpoints is ready too, but only after this time.
const settleMs = 10_000;

/** Whether nothing has changed for so long that nothing more is expected. A refresh, which waits for nothing, is 0. */
export const isSettled = (since: number) => Date.now() - since >= settleMs;

/** Ready: every endpoint is ready, and a load balancer has an address. Headless Services have nothing to wait for. */
export async function service({ context, live, since }: Observation): Promise<Readiness> {
  const type = field(live, "spec", "type") ?? "ClusterIP";
  if (type === "LoadBalancer" && items(live, "status", "loadBalancer", "ingress").length === 0) {
    return {
      ready: false,
      progress: "Waiting for the load balancer's address; does this cluster have load balancers?",
    };
  }
  const selector = field(live, "spec", "selector");
  const selects = isJsonObject(selector) && Object.keys(selector).length > 0;
  if (!selects || type === "ExternalName" || field(live, "spec", "clusterIP") === "None")
    return { ready: true, progress: "" };

  const slices = await context.cluster.list("discovery.k8s.io/v1", "EndpointSlice", namespaceOf(live), {
    labelSelector: `kubernetes.io/service-name=${nameOf(live)}`,
  });
  // A pod that is being deleted is in no Endpoints object, which is what the official plugin reads.
  const endpoints = slices
    .flatMap((slice) => items(slice, "endpoints"))
    .filter((endpoint) => field(endpoint, "conditions", "terminating") !== true);
  const pending = endpoints.filter((endpoint) => field(endpoint, "conditions", "ready") === false);
  return {
    ready: pending.length === 0 && isSettled(since && Math.max(since, ...slices.map(changedAt))),
    enough: pending.length === 0,
    progress: `Waiting for the Service's pods (${endpoints.length - pending.length} of ${endpoints.length} ready)`,
  };
}

const changedAt = (slice: JsonObject) =>
  Date.parse(annotation(slice, "endpoints.kubernetes.io/last-change-trigger-time")) || 0;
