import type { CheckResult } from "../backends/types";
import type { StoragePlan } from "../plan/types";
import type { PreflightFacts } from "./facts-types";

/** A check that has nothing to do with any one backend. */
export interface GeneralCheck {
  id: string;
  group: string;
  run(context: { facts: PreflightFacts; plan: StoragePlan }): CheckResult[];
}
