import type { Backend, CheckResult } from "../model/backend";
import type { BackendConfig, PreflightConfig } from "../model/config";
import type { StoragePlan } from "../model/plan";
import type { PlannedPod } from "../model/planned-pod";
import { generalChecks } from "./catalogue";
import { withoutTolerated } from "./nodes";

import type { PreflightFacts, Questions } from "../model/preflight-facts";

export interface GroupedResult extends CheckResult {
  /** Title of the group under which it is printed. */
  group: string;
}

export interface Checked {
  plan: StoragePlan;
  facts: PreflightFacts;
  /** The pods that the plan needs. */
  pods: readonly PlannedPod[];
  /** The stack's backends, by name. */
  backends: ReadonlyMap<string, BackendConfig>;
  types: ReadonlyMap<string, Backend>;
  skip: PreflightConfig["skip"];
}

/** What the checks of a stack's backends ask for, each thing once. */
export function questionsOf({ backends, types }: Pick<Checked, "backends" | "types">): Questions {
  const all = [...backends.values()].flatMap(({ type, settings }) =>
    (types.get(type)?.checks ?? []).map((check) => check.asks?.(settings) ?? {}),
  );
  const once = <Thing>(pick: (questions: Questions) => Thing[] | undefined) => [
    ...new Map(all.flatMap((one) => pick(one) ?? []).map((thing) => [JSON.stringify(thing), thing])).values(),
  ];
  return {
    kubelets: all.some(({ kubelets }) => kubelets),
    servers: once((one) => one.servers),
    paths: once((one) => one.paths),
    programs: once((one) => one.programs),
    disks: all.some(({ disks }) => disks),
    exports: once((one) => one.exports),
    groups: [...new Set(generalChecks(types).flatMap(({ groups = [] }) => groups))],
  };
}

/** The general checks and those of each backend of the stack, in the order of their groups. */
export function runChecks({ plan, facts, pods, backends, types, skip }: Checked): GroupedResult[] {
  const general = generalChecks(types).flatMap((check) =>
    check.run({ facts, plan, pods }).map((result) => ({ group: check.group, ...result })),
  );
  const own = [...backends].flatMap(([name, { type, settings }]) =>
    (types.get(type)?.checks ?? []).flatMap((check) =>
      check
        .run({
          name,
          config: settings,
          facts: factsFor(types.get(type), facts, plan),
          plan,
          alike: settingsOf(type, backends),
        })
        .map((result) => ({ group: name === type ? name : `${name} (${type})`, ...result })),
    ),
  );
  return [...general, ...own].map((result) => overlook(result, skip));
}

/** What is known of the cluster, with the nodes that the services can go to. */
const factsFor = (backend: Backend | undefined, facts: PreflightFacts, plan: StoragePlan) =>
  facts.nodes && backend?.withoutDriver ? { ...facts, nodes: withoutTolerated(facts.nodes, plan.services) } : facts;

const settingsOf = (type: string, backends: Checked["backends"]) =>
  new Map(
    [...backends].flatMap(([name, backend]) => (backend.type === type ? [[name, backend.settings] as const] : [])),
  );

/** A failure that the config skips doesn't count. It is shown with the reason that the config gives. */
function overlook(result: GroupedResult, skip: PreflightConfig["skip"]): GroupedResult {
  const reason = skip.find(({ check }) => check === result.id)?.reason;
  if (reason === undefined || result.level === "ok" || result.level === "skipped") return result;
  return { group: result.group, id: result.id, level: "skipped", title: `${result.title} (skipped: ${reason})` };
}
