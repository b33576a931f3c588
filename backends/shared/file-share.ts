import type { ClaimDecision, ClaimRequest } from "../../model/backend";

/** What a volume that is a share of a file server means for a service's engine. */
export function onFileShare({ service }: ClaimRequest): ClaimDecision {
  const { verdict, because } = service.fileShare ?? {};
  const text = `is a file share over the network, and ${because}`;
  if (verdict === "refused") return { refusal: { message: `${text}; use a backend with block or local volumes` } };
  return verdict === "unwise" ? { warning: `${text}; a backend with block or local volumes is the safer place` } : {};
}
