import { ownerName } from "../../model/metadata";
import type { GeneralCheck } from "../../model/backend";
import { absentProvisioner } from "../../plan/pending";
import { results } from "../results";

/** Provisioners have no leader election between installations, so two of one name both make a volume for each claim. */
export const provisionerName: GeneralCheck = {
  id: "provisioner-name",
  group: "classes",
  run({ facts: { provisioners }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!provisioners) return [unread("Deployments of all namespaces")];
    const own = new Map(
      plan.backends.flatMap(({ name, classes }) => classes.map(({ provisioner }) => [provisioner, name] as const)),
    );
    const rivals = provisioners.filter(
      ({ provisioner, replicas, stack }) => own.has(provisioner) && replicas > 0 && stack !== ownerName(plan.owner),
    );
    if (rivals.length === 0) return [ok("no other provisioner has the name of one of this stack's provisioners")];
    return rivals.map(({ namespace, deployment, provisioner }) =>
      error(
        `Deployment ${namespace}/${deployment} answers to ${provisioner} as well: for each claim both make a volume`,
        `take it away (kubectl -n ${namespace} delete deployment ${deployment}; k3s: ` +
          `--disable=local-storage), or rename backend ${own.get(provisioner)}, which names the stack's own`,
      ),
    );
  },
};

/**
 * A stack's class that is there already, without what makes its volumes: somebody took that away by hand, and the next
 * update doesn't see it. It is a warning, because a refresh and an update are the way out.
 */
export const provisionerRuns: GeneralCheck = {
  id: "provisioner-runs",
  group: "classes",
  run({ facts: { provisioners, drivers, classes }, plan }) {
    const { ok, warning, unread } = results(this.id);
    if (!provisioners || !drivers || !classes) return [unread("Deployments of all namespaces, drivers and classes")];
    const planned = new Set(plan.backends.flatMap(({ classes }) => classes.map(({ name }) => name)));
    const absent = classes.flatMap((found) => {
      if (!planned.has(found.name) || found.stack !== ownerName(plan.owner)) return [];
      const why = absentProvisioner(found, { provisioners, drivers });
      const stopped = provisioners.find(({ provisioner }) => provisioner === found.provisioner);
      return why === undefined ? [] : [{ name: found.name, why, stopped }];
    });
    if (absent.length === 0) return [ok("each of this stack's classes has its provisioner")];
    return absent.map(({ name, why, stopped }) =>
      warning(
        `nothing makes volumes of class ${name}: ${why}, so a new claim would wait for ever`,
        stopped
          ? `start it: kubectl -n ${stopped.namespace} scale deployment ${stopped.deployment} --replicas 1`
          : "make it again: npm run adopt drops from the state what the cluster has lost, and then pulumi up makes it",
      ),
    );
  },
};
