import type { CheckResult, GeneralCheck } from "../../model/backend";
import { defaultClass } from "../claims";
import type { ClassFacts } from "../../model/facts";
import { listed, results } from "../results";

const { ok, warning, error, unread } = results("default-class");

/** There has to be exactly one default class after the update. The update switches the flag of other classes off. */
export const defaultClassCheck: GeneralCheck = {
  id: "default-class",
  group: "classes",
  run({ facts: { classes }, plan }) {
    if (!classes) return [unread("StorageClasses")];
    const wanted = defaultClass(plan);
    const others = classes.filter(({ name, isDefault }) => isDefault && name !== wanted);
    if (wanted === "")
      return [
        withoutOwn(
          others.map(({ name }) => name),
          plan.switchOff,
        ),
      ];
    const troubles = others.flatMap(stays);
    const already = classes.some(({ name, isDefault }) => name === wanted && isDefault);
    const leaving = others.filter((other) => stays(other).length === 0).map(({ name }) => name);
    if (already && leaving.length > 0) {
      const flags = leaving.length === 1 ? "its flag" : "their flags";
      troubles.push(
        warning(
          `${listed([wanted, ...leaving])} are all the default class now, so a claim without a class may get any ` +
            "of them",
          `update the stack, which takes ${flags} from ${listed(leaving)}`,
        ),
      );
    }
    if (troubles.length > 0) return troubles;
    return [
      ok(
        `${wanted} is the only default class after the ` +
          `update${leaving.length > 0 ? `, which takes the flag from ${listed(leaving)}` : ""}`,
      ),
    ];
  },
};

/** In a stack without classes, such as one with only static volumes, no claim asks for a default class. */
function withoutOwn(defaults: string[], switchedOff: string[]): CheckResult {
  const left = defaults.filter((name) => !switchedOff.includes(name));
  if (left.length > 1)
    return warning(
      `${listed(left)} are all the default class, so a claim without a class may get any of them`,
      `kubectl annotate storageclass ${left[0]} storageclass.kubernetes.io/is-default-class=false --overwrite`,
    );
  if (left.length === 1) return ok(`${left[0]} stays the default class: the stack makes none`);
  if (defaults.length === 0) return ok("no class is the default, and the stack needs none");
  return warning(
    `after the update no class is the default: the stack has none, and takes the flag from ${listed(defaults)}`,
    "let one of its backends be the default (default: true), or run it on a cluster of its own",
  );
}

/** Why a class is still, or again, the default after its flag was switched off. */
function stays({ name, isDefaultByBeta, labels }: ClassFacts): CheckResult[] {
  if (isDefaultByBeta) {
    const annotation = "storageclass.beta.kubernetes.io/is-default-class";
    return [
      error(
        `${name} stays a default class besides the stack's, by the old annotation ${annotation}`,
        `kubectl annotate storageclass ${name} ${annotation}-`,
      ),
    ];
  }
  if (labels["addonmanager.kubernetes.io/mode"] === "Reconcile") {
    return [
      error(
        `${name} becomes a default class again within a minute: the cluster's addon manager sets its flag`,
        "switch the addon off; with Minikube: minikube addons disable default-storageclass",
      ),
    ];
  }
  if (labels["objectset.rio.cattle.io/hash"] !== undefined) {
    return [
      warning(
        `${name} may become a default class again: k3s sets its flag when a server starts`,
        "start the k3s servers with --disable=local-storage",
      ),
    ];
  }
  return [];
}
