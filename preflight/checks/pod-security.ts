import type { CheckResult, GeneralCheck } from "../../model/backend";
import { ownerName } from "../../model/metadata";
import { renamedWay } from "../../model/recover-command";
import type { StoragePlan } from "../../model/plan";
import type { NamespaceFacts } from "../../model/facts";
import { results } from "../results";

const enforce = "pod-security.kubernetes.io/enforce";
const { ok, error, unread } = results("pod-security");

/** Each namespace has to admit the pods that the stack puts there, and has to go on admitting the pods of others. */
export const podSecurity: GeneralCheck = {
  id: "pod-security",
  group: "namespaces",
  run({ facts: { namespaces }, plan }) {
    if (!namespaces) return [unread("namespaces")];
    const wanted = [
      ...installed(plan).map((name) => ({ name, level: "privileged" })),
      ...plan.namespaces.map(({ name }) => ({ name, level: "restricted" })),
    ];
    const troubles = wanted.flatMap(({ name, level }) => {
      const found = namespaces.find((namespace) => namespace.name === name);
      return found ? judge(found, level, ownerName(plan.owner)) : [];
    });
    return troubles.length > 0 ? troubles : [ok("each namespace admits the pods that go there")];
  },
};

/** Namespaces of what the backends install: their pods work on the nodes' file systems. */
function installed({ backends }: StoragePlan): string[] {
  return backends.flatMap(({ install }) => install?.namespace ?? []);
}

function judge({ name, labels, phase, stack }: NamespaceFacts, level: string, owner: string): CheckResult[] {
  if (phase === "Terminating")
    return [
      error(
        `namespace ${name} is being deleted`,
        `wait until it is gone; what holds it up: kubectl get namespace ${name} -o jsonpath='{.status.conditions}'`,
      ),
    ];
  if (stack === owner) return [];
  const another =
    level === "privileged"
      ? "rename the backend that it is named after"
      : "name another one in cluster-storage:services.SERVICE.namespace";
  if (stack !== undefined)
    return [error(`namespace ${name} belongs to the stack ${stack}`, `${another}${renamedWay(owner, stack)}`)];
  const changes =
    labels[enforce] === level ? "" : ` (from the update on it enforces ${level} for every pod in it, others' too)`;
  return [
    error(
      `namespace ${name} is in the cluster already and belongs to no stack, so an update can't create it`,
      `take it over with npm run adopt${changes}, or ${another}`,
    ),
  ];
}
