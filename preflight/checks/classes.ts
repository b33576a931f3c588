import { ownerName } from "../../model/metadata";
import { renamedWay } from "../../model/recover-command";
import type { ClassPlan } from "../../model/storage";
import type { ClassFacts } from "../../model/facts";
import type { GeneralCheck } from "../../model/backend";
import { count } from "../../model/quantity";
import { results } from "../results";

const group = "classes";

/** Finds classes of somebody else that have the name of one of the stack's: the update would take them over. */
export const classForeign: GeneralCheck = {
  id: "class-foreign",
  group,
  run({ facts: { classes }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!classes) return [unread("StorageClasses")];
    const planned = plan.backends.flatMap((backend) => backend.classes);
    const taken = planned.flatMap((own) => {
      const found = classes.find(({ name }) => name === own.name);
      if (!found || found.stack === ownerName(plan.owner)) return [];
      const whose = found.stack ? `stack ${found.stack}` : `somebody else (${found.provisioner})`;
      const renamed = found.stack ? renamedWay(ownerName(plan.owner), found.stack) : "";
      return [
        error(
          `StorageClass ${own.name} is there already and belongs to ${whose}`,
          `give this stack's another name in cluster-storage:backends.${own.backend}.class, or use the one ` +
            `that is there: a backend of type existing${renamed}`,
        ),
      ];
    });
    return taken.length > 0
      ? taken
      : [
          ok(
            planned.length === 0
              ? "the stack makes no class"
              : "none of the stack's classes has the name of another owner's class",
          ),
        ];
  },
};

/** Everything in a class but its flags is fixed when the class is made, so a change replaces the class. */
export const classImmutable: GeneralCheck = {
  id: "class-immutable",
  group,
  run({ facts: { classes, claims = [] }, plan }) {
    const { ok, warning, unread } = results(this.id);
    if (!classes) return [unread("StorageClasses")];
    const replaced = plan.backends
      .flatMap((backend) => backend.classes)
      .flatMap((own) => {
        const found = classes.find(({ name, stack }) => name === own.name && stack === ownerName(plan.owner));
        const changes = found ? differences(found, own) : [];
        if (changes.length === 0) return [];
        const made = claims.filter(({ className }) => className === own.name).length;
        const keep =
          made === 0
            ? "it has made no claim's volume yet"
            : `${count(made, "claim")} of it ` +
              (made === 1 ? "keeps its volume as it is" : "keep their volumes as they are");
        return [
          warning(
            `StorageClass ${own.name} is replaced, because a class can't be changed (${changes.join(", ")}); ${keep}`,
            "to give a service a volume of the new kind, move it: npm run move -- SERVICE",
          ),
        ];
      });
    return replaced.length > 0 ? replaced : [ok("no class has to be replaced")];
  },
};

function differences(found: ClassFacts, own: ClassPlan): string[] {
  const keys = [...new Set([...Object.keys(found.parameters), ...Object.keys(own.parameters)])].sort();
  const pairs: [string, string | undefined, string | undefined][] = [
    ["provisioner", found.provisioner, own.provisioner],
    ["reclaimPolicy", found.reclaimPolicy, own.reclaimPolicy],
    ...keys.map((key): [string, string | undefined, string | undefined] => [
      key,
      found.parameters[key],
      own.parameters[key],
    ]),
  ];
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([key, before = "none", after = "none"]) => `${key} ${before} to ${after}`);
}
