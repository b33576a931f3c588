import { writtenBy } from "../../model/engine-version";
import type { DataUse, Refusal } from "../../model/service-spec";
import { judgeChange } from "../../model/version-change";
import { catalogue } from "../../services/catalogue";
import { onTheSameClaim } from "../../services/shared/live-containers";
import { nameOf } from "./claims";
import { serviceOf } from "./config-path";
import { containersOf } from "./containers";
import { describe } from "./describe-live";
import type { Facts, LiveObject, Planned, Verdict } from "./types";
import { refuseDirectory } from "./refuse-mounts";
import { dataMounts, mountsOf } from "./workloads";

/*
 * Workloads that the program doesn't have but that made the data on its claims. They are read whether they have pods
 * or not: the one that was scaled down to free its claim tells just as much as one that runs.
 */

/** A workload by `Kind namespace/name`. */
export const keyOf = ({ kind, metadata: { namespace = "", name } }: LiveObject) => `${kind} ${namespace}/${name}`;

/** The claims that a workload names, as `namespace/name`. */
export function claimsOf(object: LiveObject): string[] {
  const { namespace = "", name } = object.metadata;
  return mountsOf(object, name).flatMap(({ claim }) => (claim === "" ? [] : `${namespace}/${claim}`));
}

/** The service's own reasons against data that another installation of it has made. */
export function refuseByService(
  planned: Planned,
  live: LiveObject,
  objects: readonly Planned[],
  { settings, servers }: Facts,
): Refusal[] {
  const service = serviceOf(planned);
  const { namespace = "", name } = live.metadata;
  const inStack = new Set(objects.map(serviceOf));
  const databases = [...catalogue.values()]
    .filter(({ name, database }) => inStack.has(name) && database?.service === service && !database.wasAdministrators)
    .flatMap(({ database }) => database?.name ?? []);
  const use = {
    service,
    namespace,
    workload: `${live.kind.toLowerCase()}/${name}`,
    planned: containersOf(planned.inputs ?? {}, new Map()),
    live: containersOf(live, settings),
    server: servers.get(keyOf(live)),
    databases,
  };
  const faults = catalogue.get(service)?.refuseData?.(use) ?? [];
  return faults.length > 0 ? faults : refuseVersion(use);
}

/** The engine's own rules for files of another version. The next update asks for a version that no image tells. */
function refuseVersion({ service, namespace, workload, planned, live }: DataUse): Refusal[] {
  const engine = catalogue.get(service)?.engine;
  const [has] = onTheSameClaim(planned, live);
  const wanted = planned.find(({ mounts = [] }) => mounts.length > 0);
  if (!engine || !has?.image || !wanted?.image) return [];
  const [from, to] = [writtenBy(engine, has.image), writtenBy(engine, wanted.image)];
  if ((to.version?.split(".").length ?? 0) < engine.parts) return [];
  const claim = has.mounts?.[0]?.claim ?? "";
  const { refused } = judgeChange(engine, from, to, { service, namespace, workload, claim, accepted: to.libc });
  const [why = "", ...wayOut] = refused?.split("; ") ?? [];
  return refused === undefined ? [] : [{ why, wayOut: wayOut.join("; ") }];
}

/** Refuses each foreign workload of a planned workload's claims whose data the service couldn't go on with. */
export function decideOwners(planned: Planned, objects: readonly Planned[], facts: Facts): Verdict[] {
  const { namespace } = nameOf(planned);
  const wanted = dataMounts(planned);
  const claims = new Set(wanted.map(({ claim }) => `${namespace}/${claim}`));
  return facts.owners
    .filter((owner) => claimsOf(owner).some((claim) => claims.has(claim)))
    .flatMap((owner): Verdict[] => {
      const mounted = mountsOf(owner, owner.metadata.name);
      const faults = [
        ...wanted.flatMap((want) => refuseDirectory(serviceOf(planned), want, wanted, mounted)),
        ...refuseByService(planned, owner, objects, facts),
      ];
      const { kind, metadata } = owner;
      return faults.length === 0
        ? []
        : [
            {
              urn: keyOf(owner),
              kind,
              namespace: metadata.namespace,
              name: metadata.name,
              found: describe(owner),
              action: "refuse",
              faults,
            },
          ];
    });
}

/** Foreign workloads that name a claim and have no pods now: a hand that scales one up would start it beside ours. */
export function strayOwners(planned: Planned, { owners }: Facts): string[] {
  const { name, namespace } = nameOf(planned);
  if (!planned.type.endsWith(":PersistentVolumeClaim")) return [];
  return owners
    .filter((owner) => claimsOf(owner).includes(`${namespace}/${name}`))
    .map(
      ({ kind, metadata }) =>
        `${kind} ${metadata.name} still names it: kubectl -n ${namespace} delete ${kind.toLowerCase()} ` +
        `${metadata.name}`,
    );
}
