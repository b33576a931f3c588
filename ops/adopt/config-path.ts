import { catalogue } from "../../services/catalogue";
import type { Planned } from "./types";

/** The service that a resource of the program belongs to, read from the resource's label. */
export function serviceOf({ inputs }: Planned): string {
  const { labels } = (inputs?.metadata ?? {}) as { labels?: Record<string, string> };
  return labels?.["app.kubernetes.io/name"] ?? "";
}

/**
 * Path of a planned claim in the stack's config: the service itself, or the claim's key if the service has
 * several claims.
 */
export function configPath(planned: Planned): string {
  const service = serviceOf(planned);
  const { name = "" } = (planned.inputs?.metadata ?? {}) as { name?: string };
  const claim = catalogue.get(service)?.claims.find((spec) => name === spec.name || name.startsWith(`${spec.name}-`));
  return claim?.key ? `services.${service}.${claim.key}` : `services.${service}`;
}
