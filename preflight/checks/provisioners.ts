import { ownerName } from "../../model/metadata";
import type { GeneralCheck } from "../../model/backend";
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
