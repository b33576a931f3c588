import { catalogue } from "../../services/catalogue";
import type { Planned } from "./types";

/** The service that a resource of the program belongs to, by its label. */
export function serviceOf({ inputs }: Planned): string {
  const { labels } = (inputs?.metadata ?? {}) as { labels?: Record<string, string> };
  return labels?.["app.kubernetes.io/name"] ?? "";
}

/** Where the stack's config speaks of a planned claim: at its service, or at the key of a service that has several. */
export function configPath(planned: Planned): string {
  const service = serviceOf(planned);
  const { name = "" } = (planned.inputs?.metadata ?? {}) as { name?: string };
  const claim = catalogue.get(service)?.claims.find((spec) => name === spec.name || name.startsWith(`${spec.name}-`));
  return claim?.key ? `services.${service}.${claim.key}` : `services.${service}`;
}
