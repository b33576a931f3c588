import * as pulumi from "@pulumi/pulumi";
import type { Known } from "../model/known";
import type { Api } from "../kube/api";
import type { StackConfig } from "../model/config";
import type { StoragePlan } from "../model/plan";
import type { PlannedPod } from "../model/planned-pod";
import type { PreflightFacts } from "../model/preflight-facts";
import { gatherFacts } from "./gather";
import { describeResult } from "./print";
import { type GroupedResult, questionsOf, runChecks } from "./run";

/** The part of the stack's config that the checks go by. */
export type CheckedConfig = Pick<StackConfig, "backends" | "preflight">;

/** Starts reading the facts for the checks, so that this runs beside other work. `checkBeforeUpdate` waits for it. */
export function startReading(
  api: Api,
  draft: StoragePlan,
  { backends }: CheckedConfig,
  pods: readonly PlannedPod[],
  known: Pick<Known, "backends">,
): Promise<PreflightFacts> {
  const reading = gatherFacts(api, draft, questionsOf({ backends, types: known.backends }), pods);
  // A failure is thrown where the result is awaited. Until then it must not end the program.
  reading.catch(() => undefined);
  return reading;
}

/**
 * Returns if the cluster can carry the plan, so that the update goes on. Warnings are shown. `foresee`: what
 * was read as it will be when the checks matter; default: as it is.
 * @throws RunError with every check that failed and the way out of each
 */
export async function checkBeforeUpdate(
  plan: StoragePlan,
  { backends, preflight }: CheckedConfig,
  pods: readonly PlannedPod[],
  reading: Promise<PreflightFacts>,
  known: Pick<Known, "backends">,
  foresee: (facts: PreflightFacts) => PreflightFacts = (facts) => facts,
): Promise<void> {
  // An adopting update takes over existing objects, which the checks could report. The next update is checked again.
  if (plan.adopting) return;
  const results = runChecks({
    plan,
    facts: foresee(await readFacts(reading, plan)),
    pods,
    backends,
    types: known.backends,
    skip: preflight.skip,
  });
  for (const warning of results.filter(({ level }) => level === "warning"))
    void pulumi.log.warn(`${warning.title} [${warning.id}]\n${warning.wayOut}`);
  const errors = results.filter(({ level }) => level === "error");
  if (errors.length > 0) throw new pulumi.RunError(describeRefusal(plan.owner.stack, errors));
}

async function readFacts(reading: Promise<PreflightFacts>, { cluster }: StoragePlan): Promise<PreflightFacts> {
  try {
    return await reading;
  } catch (error) {
    throw new pulumi.RunError(
      `the checks before the update can't read the cluster of context "${cluster.context}" ` +
        `(${(error as Error).message})\nNothing was changed.`,
    );
  }
}

export function describeRefusal(stack: string, errors: readonly GroupedResult[]): string {
  const what = errors.length === 1 ? "a check" : `${errors.length} checks`;
  return [
    `the cluster of stack "${stack}" fails ${what}, so nothing was changed:`,
    ...errors.map(describeResult),
    "A check that doesn't matter here is skipped by its name: cluster-storage:preflight.skip (docs/preflight.md).",
  ].join("\n");
}
