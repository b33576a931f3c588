import type { CheckResult } from "../model/backend";
import type { StoragePlan } from "../model/plan";
import type { PreflightFacts } from "../model/preflight-facts";

/** A check that has nothing to do with any one backend. */
export interface GeneralCheck {
  id: string;
  group: string;
  run(context: { facts: PreflightFacts; plan: StoragePlan }): CheckResult[];
}
