import assert from "node:assert/strict";
import { known } from "../../known";
import { plannedPods } from "../../planned-pods";
import { nodeFacts } from "../facts";
import type { CheckResult } from "../../model/backend";
import type { PreflightFacts } from "../../model/preflight-facts";
import type { NodeFacts } from "../../model/node-facts";
import { type GroupedResult, runChecks } from "../../preflight/run";
import { parseConfig } from "../../config/parse";
import type { StackConfig } from "../../model/config";
import { planStack } from "../../plan/stack";
import type { StoragePlan } from "../../model/plan";

export { nodeFacts as node };

/** A node of the probe pods' that saw nothing but its root. */
export const nothingSeen: NonNullable<NodeFacts["probe"]> = {
  mounts: [{ point: "/", type: "ext4", device: "8:1", readOnly: false, shared: true }],
  paths: {},
  modules: [],
  programs: [],
  devices: [],
  encrypted: {},
  encryptedGroups: {},
  volumeGroups: [],
  exports: {},
};

/** An empty cluster of one node, whose administrator asks. */
export function facts(more: Partial<PreflightFacts> = {}): PreflightFacts {
  return {
    server: { url: "https://10.0.0.1:6443", version: "v1.36.3" },
    access: [{ verb: "create", group: "", resource: "namespaces", allowed: true }],
    grants: [],
    nodes: [nodeFacts("a")],
    classes: [],
    claims: [],
    volumes: [],
    provisioners: [],
    drivers: [],
    programs: [],
    definitions: [],
    customObjects: [],
    webhooks: [],
    namespaces: [],
    quotas: [],
    limitRanges: [],
    servers: [],
    ...more,
  };
}

export interface Stack {
  config: StackConfig;
  plan: StoragePlan;
}

/** A stack `test/prod` with these backends and a redis of 2Gi on the default class, unless told. */
export function stack(
  backends: Record<string, object> = { disk: { type: "local-path", path: "/var/mnt/disk", default: true } },
  services: Record<string, object> = { redis: { size: "2Gi" } },
  preflight?: object,
): Stack {
  const values = {
    cluster: { context: "home", identifier: "home" },
    backends,
    services,
    ...(preflight && { preflight }),
  };
  const config = parseConfig({ owner: { project: "test", stack: "prod" }, values }, known);
  const { plan, faults } = planStack(config, known);
  assert.deepEqual(faults, []);
  return { config, plan };
}

export function checkAll({ config, plan }: Stack, found: PreflightFacts): GroupedResult[] {
  return runChecks({
    plan,
    facts: found,
    pods: plannedPods(plan, known.backends),
    backends: config.backends,
    types: known.backends,
    skip: config.preflight.skip,
  });
}

/** The results of one check, without its name. */
export function resultsOf(
  id: string,
  at: Stack,
  found: PreflightFacts,
): Pick<CheckResult, "level" | "title" | "wayOut">[] {
  return checkAll(at, found)
    .filter((result) => result.id === id)
    .map(({ level, title, wayOut }) => ({ level, title, ...(wayOut !== undefined && { wayOut }) }));
}

/** One line of a table: what the cluster has, and exactly what the check says of it. */
export interface Case {
  title: string;
  stack?: Stack;
  facts?: Partial<PreflightFacts>;
  says: ReturnType<typeof resultsOf>;
}

/** A test for each line. */
export function table(id: string, cases: Case[]): void {
  describe(id, () => {
    for (const { title, stack: at, facts: found, says } of cases) {
      it(title, () => assert.deepEqual(resultsOf(id, at ?? stack(), facts(found)), says));
    }
  });
}

export const ok = (title: string) => ({ level: "ok" as const, title });
export const warning = (title: string, wayOut: string) => ({ level: "warning" as const, title, wayOut });
export const error = (title: string, wayOut: string) => ({ level: "error" as const, title, wayOut });
export const unknown = (title: string, wayOut?: string) => ({
  level: "skipped" as const,
  title,
  ...(wayOut && { wayOut }),
});
export const unread = (what: string) => unknown(`${what} may not be listed with this context's credentials`);
