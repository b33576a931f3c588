import { pathText } from "../model/config-path";
import type { NamedObject } from "../model/container-settings";
import type { ServicePlan, StoragePlan } from "../model/plan";

/** What a service's pod can't start without: an object that somebody else made, or one key of it. */
export interface NamedUse extends NamedObject {
  namespace: string;
  /** Absent: the object is enough. */
  key?: string;
  /** Where the config names it. */
  at: string;
  /** The kubelet gets the image with it; where it isn't there, the kubelet asks the registry without one. */
  pulls?: true;
}

/** The Secrets that the stack makes itself, and in time. */
const ownSecrets = ({ services }: StoragePlan) =>
  new Set(
    services.flatMap(({ namespace, name, tls }) =>
      [name, `${name}-env`, ...(tls ? [tls.secret] : [])].map((secret) => `${namespace}/${secret}`),
    ),
  );

/** Its own, and the database server's: its pod waits in a container with the server's image. */
function pullSecrets({ name: service, namespace, pod, database }: ServicePlan): NamedUse[] {
  const of = (owner: string, names: readonly string[] = []) =>
    names.map((name, i): NamedUse => {
      const at = pathText(["services", owner, "imagePullSecrets", i]);
      return { kind: "Secret", name, namespace, at, pulls: true };
    });
  return [...of(service, pod?.imagePullSecrets), ...of(database?.service ?? "", database?.pod?.imagePullSecrets)];
}

function usesOf(planned: ServicePlan): NamedUse[] {
  const { name: service, namespace, container } = planned;
  const variables = container.env.flatMap((entry): NamedUse[] =>
    "from" in entry ? [{ ...entry.from, namespace, at: pathText(["services", service, "env", entry.name]) }] : [],
  );
  const volumes = (container.extraVolumes ?? []).flatMap(({ kind, name, items, subPath, optional }, i): NamedUse[] => {
    if (optional) return [];
    const at = pathText(["services", service, "extraVolumes", i]);
    const keys = items?.map(({ key }) => key) ?? (subPath === undefined ? [] : [subPath]);
    return [...(keys.length > 0 ? keys : [undefined])].map((key) => ({
      kind,
      name,
      namespace,
      ...(key !== undefined && { key }),
      at,
    }));
  });
  return [...variables, ...volumes, ...pullSecrets(planned)];
}

/** What the pods of a plan can't start without and the stack doesn't make. */
export function namedUses(plan: StoragePlan): NamedUse[] {
  const own = ownSecrets(plan);
  return plan.services
    .filter(({ run }) => run)
    .flatMap(usesOf)
    .filter(({ kind, namespace, name }) => kind !== "Secret" || !own.has(`${namespace}/${name}`));
}
