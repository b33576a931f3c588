import { knownClaims } from "../pulumi/known-claims";
import type { Deployment } from "../pulumi/state";

/**
 * The sizes of the claims that a stack had in its cluster, by `namespace/name`. A refresh drops a claim that it doesn't
 * find; the record of the last update still names it, without its size.
 */
export function claimSizes(deployment: Deployment): Map<string, string | undefined> {
  const known = [...knownClaims(deployment).values()].flatMap((claims) => Object.keys(claims));
  const recorded = (deployment.resources ?? []).flatMap(({ type, delete: old, inputs = {} }) => {
    if (!type.endsWith(":PersistentVolumeClaim") || old) return [];
    const { metadata, spec } = inputs as {
      metadata?: { namespace?: string; name?: string };
      spec?: { resources?: { requests?: { storage?: string } } };
    };
    return [[`${metadata?.namespace}/${metadata?.name}`, spec?.resources?.requests?.storage] as const];
  });
  return new Map([...known.map((id) => [id, undefined] as const), ...recorded]);
}

/** Which data the old cluster had, in words. */
export function dataLost(claims: ReadonlyMap<string, string | undefined>): string[] {
  if (claims.size === 0) return ["the old cluster had no claims of the stack"];
  const lines = [...claims].map(([id, size]) => `  ${id}${size === undefined ? "" : `, ${size}`}`);
  return [
    "the data of these claims was in the old cluster, and it is not in this one:",
    ...lines.sort(),
    "the next update makes them anew: filled from the newest points where the stack has backups, else empty. Files " +
      "that outlived the cluster (on a share, or on a disk that was not wiped) stay where they are: docs/recovery.md " +
      "says how to use them",
  ];
}
