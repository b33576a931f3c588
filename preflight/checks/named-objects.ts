import type { CheckResult, GeneralCheck } from "../../model/backend";
import type { StoragePlan } from "../../model/plan";
import type { NamedObjectFacts } from "../../model/preflight-facts";
import { namedUses, type NamedUse } from "../../plan/named-objects";
import { listed, results } from "../results";

/** One object, and all that the config wants of it. */
interface Wanted {
  object: NamedUse;
  uses: NamedUse[];
}

function byObject(uses: readonly NamedUse[]): Wanted[] {
  const all = new Map<string, Wanted>();
  for (const use of uses) {
    const id = `${use.kind} ${use.namespace}/${use.name}`;
    all.set(id, { object: use, uses: [...(all.get(id)?.uses ?? []), use] });
  }
  return [...all.values()];
}

const keysOf = (uses: readonly NamedUse[]) => [...new Set(uses.flatMap(({ key }) => key ?? []))];

const namers = (uses: readonly NamedUse[]) => listed([...new Set(uses.map(({ at }) => `cluster-storage:${at}`))]);

const names = (uses: readonly NamedUse[]) =>
  `${namers(uses)} ${new Set(uses.map(({ at }) => at)).size > 1 ? "name" : "names"}`;

const kubectl = ({ cluster }: StoragePlan, { namespace }: NamedUse) =>
  `kubectl --context ${cluster.context} -n ${namespace}`;

const onlyPulls = (uses: readonly NamedUse[]) => uses.every(({ pulls }) => pulls);

/** The command that makes an object with these keys. */
function create(plan: StoragePlan, { object, uses }: Wanted): string {
  if (onlyPulls(uses))
    return (
      `${kubectl(plan, object)} create secret docker-registry ${object.name} --docker-server=REGISTRY ` +
      "--docker-username=USER --docker-password=PASSWORD"
    );
  const kind = object.kind === "Secret" ? "secret generic" : "configmap";
  const keys = keysOf(uses).map((key) => `--from-literal=${key}=VALUE`);
  return `${kubectl(plan, object)} create ${kind} ${object.name} ${keys.join(" ") || "--from-file=FILE"}`;
}

/** The command that adds these keys to an object. */
function add(plan: StoragePlan, object: NamedUse, keys: readonly string[]): string {
  const field = object.kind === "Secret" ? "stringData" : "data";
  const patch = JSON.stringify({ [field]: Object.fromEntries(keys.map((key) => [key, "VALUE"])) });
  return `${kubectl(plan, object)} patch ${object.kind.toLowerCase()} ${object.name} -p '${patch}'`;
}

/** As the kubelet does it: kubernetes.io/docs/concepts/containers/images. */
const withoutIt = "the registry is asked without a password";

function judge(
  plan: StoragePlan,
  wanted: Wanted,
  fact: NamedObjectFacts | undefined,
  hasNamespace: boolean,
): CheckResult[] {
  const { error, warning, unknown } = results("named-objects");
  const { object, uses } = wanted;
  const what = `${object.kind} ${object.namespace}/${object.name}`;
  if (fact?.there === undefined)
    return [
      unknown(
        `whether ${what} is there, which ${names(uses)}, is not known: it may not be read with this context's ` +
          "credentials",
      ),
    ];
  if (!fact.there && !hasNamespace)
    return [
      warning(
        `${what}, which ${names(uses)}, can't be there before its namespace is, and ` +
          (onlyPulls(uses) ? withoutIt : "the pod waits for it"),
        `make it as soon as the update has made the namespace: ${create(plan, wanted)}`,
      ),
    ];
  if (!fact.there && onlyPulls(uses))
    return [
      warning(`${what}, which ${names(uses)}, is not there, and ${withoutIt}`, `make it: ${create(plan, wanted)}`),
    ];
  if (!fact.there)
    return [
      error(
        `${what}, which ${names(uses)}, is not there, and the pod would wait for it for ever`,
        `make it: ${create(plan, wanted)}`,
      ),
    ];
  const missing = uses.filter(({ key }) => key !== undefined && !fact.keys?.includes(key));
  if (missing.length === 0) return [];
  const keys = keysOf(missing);
  return [
    error(
      `${what} has no ${keys.length > 1 ? "keys" : "key"} ${listed(keys)}, which ${names(missing)}, and the pod ` +
        "would wait for it for ever",
      `add it: ${add(plan, object, keys)}`,
    ),
  ];
}

/** A pod that names an object that isn't there doesn't start, and its predecessor is gone by then. */
export const namedObjects: GeneralCheck = {
  id: "named-objects",
  group: "namespaces",
  run({ facts: { named = [], namespaces }, plan }) {
    const uses = namedUses(plan);
    if (uses.length === 0) return [];
    const broken = byObject(uses).flatMap((wanted) => {
      const { kind, namespace, name } = wanted.object;
      const fact = named.find((one) => one.kind === kind && one.namespace === namespace && one.name === name);
      return judge(plan, wanted, fact, namespaces?.some((one) => one.name === namespace) ?? true);
    });
    return broken.length > 0
      ? broken
      : [results(this.id).ok("the Secrets and ConfigMaps that the config names are there")];
  },
};
