import type { Refusal } from "../../model/service-spec";
import { catalogue } from "../../services/catalogue";
import { nameOf } from "./claims";
import { serviceOf } from "./config-path";
import { containersOf } from "./containers";
import { refuseContents, type Sought } from "./contents";
import { claimsOf, refuseByService } from "./owners";
import type { Facts, LiveObject, Planned } from "./types";
import { dataMounts } from "./workloads";

/** What a look at a claim's volume has shown against its service, or that nothing could be seen and nobody tells. */
export function refuseSeen(planned: Planned, live: LiveObject, objects: readonly Planned[], facts: Facts): Refusal[] {
  const look = facts.looks?.get(planned.urn);
  const workload = workloadOf(planned, objects);
  if (!look || !workload) return [];
  const users = usersOf(planned, workload, facts);
  const faulty = users.some((user) => refuseByService(workload, user, objects, facts).length > 0);
  const runs = users.some(({ status }) => (status?.readyReplicas ?? 0) > 0);
  if ("unseen" in look) {
    const { name, namespace } = nameOf(planned);
    if (runs || faulty) return [];
    return [
      {
        why: `what is on it can't be looked at (${look.unseen}), and no running workload tells`,
        wayOut:
          `mend that, or run the workload that made it, and run this again: kubectl -n ${namespace} describe ` +
          `pvc ${name}`,
      },
    ];
  }
  const sought = soughtBy(planned, workload, live, facts);
  return sought ? refuseContents({ ...sought, told: users.length > 0 && !faulty }, look.listing, catalogue) : [];
}

/** The planned workload that has the claim. */
export function workloadOf(claim: Planned, objects: readonly Planned[]): Planned | undefined {
  const { name, namespace } = nameOf(claim);
  return objects
    .filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))
    .find(
      (workload) =>
        nameOf(workload).namespace === namespace && dataMounts(workload).some(({ claim }) => claim === name),
    );
}

function usersOf(claim: Planned, workload: Planned, { live, owners }: Facts): LiveObject[] {
  const { name, namespace } = nameOf(claim);
  const own = live.get(workload.urn);
  return [...(own ? [own] : []), ...owners].filter((user) => claimsOf(user).includes(`${namespace}/${name}`));
}

function soughtBy(
  claim: Planned,
  workload: Planned,
  live: LiveObject,
  { volumes }: Facts,
): Omit<Sought, "told"> | undefined {
  const { name, namespace = "" } = nameOf(claim);
  const service = serviceOf(claim);
  const layout = catalogue.get(service)?.data;
  const container = containersOf(workload.inputs ?? {}, new Map()).find(({ mounts = [] }) =>
    mounts.some((mount) => mount.claim === name),
  );
  const volume = volumes.find((one) => one.name === live.spec?.volumeName);
  return (
    layout && container && { service, namespace, claim: name, layout, container, csi: volume?.driver !== undefined }
  );
}
