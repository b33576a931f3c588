import type { JsonObject } from "../../protocol/values";
import { nameOf, namespaceOf } from "../annotations";
import { field, items } from "./fields";
import { isSettled } from "./service";
import type { Observation, Readiness } from "./types";

/** Ready: it has an address, and each path's Service has endpoints; after the settling time an address is enough. */
export async function ingress({ context, live, since }: Observation): Promise<Readiness> {
  const addressed = items(live, "status", "loadBalancer", "ingress").length > 0;
  const missing = isSettled(since) ? [] : await unreached(live, context);
  return {
    ready: addressed && missing.length === 0,
    progress: addressed
      ? `Waiting for the endpoints of ${missing.join(", ")}`
      : "Waiting for the Ingress's address; does this cluster have an Ingress controller?",
  };
}

async function unreached(live: JsonObject, { cluster }: Observation["context"]): Promise<string[]> {
  const names = items(live, "spec", "rules")
    .flatMap((rule) => items(rule, "http", "paths"))
    .map((path) => field(path, "backend", "service", "name"))
    .filter((name) => typeof name === "string");
  if (names.length === 0) return [];
  const [services, endpoints] = await Promise.all(
    ["Service", "Endpoints"].map((kind) => cluster.list("v1", kind, namespaceOf(live))),
  );
  const outside = services!.filter((service) => field(service, "spec", "type") === "ExternalName");
  const known = new Set([...outside, ...endpoints!].map(nameOf));
  return names.filter((name) => !known.has(name));
}
