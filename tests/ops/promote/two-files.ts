import assert from "node:assert/strict";
import { carry, configOf } from "../../../ops/promote/carry";
import { compareConfigs } from "../../../ops/promote/compare";
import type { Difference } from "../../../ops/promote/difference";
import { parseRules } from "../../../ops/promote/rules";

export const rules = parseRules(
  'intent:\n  - paths: [cluster, "services.**.size", "services.**.class"]\n    reason: sizes\n',
);

export const file = (services: string) =>
  `# a stack\nconfig:\n  cluster-storage:cluster: { context: here }\n  ` +
  `cluster-storage:services:\n${services.replaceAll(/^/gm, "    ")}\n`;

export function differences(from: string, to: string, moveBack = false): Difference[] {
  return compareConfigs(configOf(file(from), "cluster-storage"), configOf(file(to), "cluster-storage"), {
    rules,
    to: "prod",
    moveBack,
  });
}

export interface Case {
  from: string;
  to: string;
  /** `kind path: reason`. */
  told: string[];
  /** The target's services afterwards. */
  after: string;
  moveBack?: boolean;
}

/** A test for each case, by its title. */
export function checkCases(cases: Record<string, Case>): void {
  for (const [title, { from, to, told, after, moveBack }] of Object.entries(cases)) {
    it(title, () => {
      const found = differences(from, to, moveBack);
      assert.deepEqual(
        found.map(({ kind, path, reason }) => `${kind} ${path.join(".")}${reason === undefined ? "" : `: ${reason}`}`),
        told,
      );
      assert.equal(carry(file(to), "cluster-storage", found), file(after));
    });
  }
}
