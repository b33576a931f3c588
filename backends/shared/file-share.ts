import type { ClaimDecision, ClaimRequest } from "../../model/backend";

/** Decides a claim whose volume is a share of a file server, by what the service's engine can do with one. */
export function onFileShare({ service }: ClaimRequest): ClaimDecision {
  const { verdict, because } = service.fileShare ?? {};
  const text = `is a file share over the network, and ${because}`;
  if (verdict === "refused") return { refusal: { message: `${text}; use a backend with block or local volumes` } };
  return verdict === "unwise" ? { warning: `${text}; a backend with block or local volumes is the safer place` } : {};
}
