import { ownerName } from "../../model/metadata";
import type { CustomObjectFacts, PreflightFacts, ProgramFacts } from "../../model/preflight-facts";
import type { GeneralCheck } from "../../model/backend";
import { count } from "../../model/quantity";
import { listed, results } from "../../preflight/results";
import { driver, leftovers, namespace, ofLonghorn } from "./leftovers";

const group = "longhorn.io";

/**
 * Looks for what an uninstalled Longhorn left. Its webhooks refuse a new Longhorn, and its definitions keep the
 * namespace from being deleted. Longhorn keeps in objects of its definitions which data on the nodes is whose, and
 * they go with their definition: so nothing is called left over while any of them, or a Longhorn, is in the cluster.
 */
export const longhornLeftovers: GeneralCheck = {
  id: "longhorn-leftovers",
  group: "classes",
  groups: [group],
  run({ facts, plan }) {
    const { ok, error, warning, unknown } = results(this.id);
    const wanted = plan.backends.some(({ type, install }) => type === "longhorn" && install !== undefined);
    const say = wanted ? error : warning;
    const place = facts.namespaces?.find(({ name }) => name === namespace);
    if (place?.stack === ownerName(plan.owner)) return [ok("the Longhorn that is here is this stack's")];
    const installed = facts.programs?.find(isLonghorn);
    if (installed) {
      const where = `Longhorn is in namespace ${installed.namespace} (${installed.kind} ${installed.name})`;
      if (!wanted || facts.drivers?.includes(driver)) return [ok(`${where}, and nothing of it is left over`)];
      // Once it has its driver, another check refuses a second one.
      return [error(`${where}, and a cluster can have only one`, useThatOne(plan.backends))];
    }
    const { found, remove } = leftovers(facts);
    const holds = dataOf(facts);
    if (holds.length > 0) return [say(`no Longhorn runs, but the cluster has ${listed(holds)}`, keep)];
    if (found.length === 0) return [ok("nothing is left of an earlier Longhorn")];
    const missing = unreadOf(facts);
    if (missing.length > 0)
      return [unknown(`${listed(missing)} can't be listed, so what is left over isn't known`, look)];
    return [say(`an earlier Longhorn left ${listed(found)}`, remove)];
  },
};

const isLonghorn = ({ name, images }: ProgramFacts) =>
  name === "longhorn-manager" || images.some((image) => /longhorn-manager/.test(image));

const useThatOne = (backends: { name: string; type: string }[]) =>
  "use the one that is there: " +
  backends
    .filter(({ type }) => type === "longhorn")
    .map(({ name }) => `cluster-storage:backends.${name}.install: false`)
    .join(", ");

/** What has to be known before anything is called left over. */
const unreadOf = ({ programs, definitions, customObjects, volumes, claims }: PreflightFacts): string[] => [
  ...(programs ? [] : ["Deployments and DaemonSets"]),
  ...(definitions ? [] : ["CustomResourceDefinitions"]),
  ...(definitions && !customObjects ? [`objects of the definitions of ${group}`] : []),
  ...(volumes ? [] : ["PersistentVolumes"]),
  ...(claims ? [] : ["PersistentVolumeClaims"]),
];

/** What stands for data: objects of Longhorn's definitions, volumes of its driver, and what its namespace holds. */
function dataOf({ customObjects = [], volumes = [], claims = [], programs = [] }: PreflightFacts): string[] {
  const objects = customObjects.filter(({ definition }) => ofLonghorn(definition));
  const ofDriver = volumes.filter((volume) => volume.driver === driver).map(({ name }) => name);
  const inside = [
    ...claims.filter((claim) => claim.namespace === namespace).map(({ name }) => `claim ${name}`),
    ...programs.filter((program) => program.namespace === namespace).map(({ kind, name }) => `${kind} ${name}`),
  ];
  return [
    ...(objects.length > 0 ? [`${count(objects.length, "object")} of its definitions (${shown(objects)})`] : []),
    ...(ofDriver.length > 0 ? [`${count(ofDriver.length, "volume")} of its driver (${listed(ofDriver)})`] : []),
    ...(inside.length > 0 ? [`${listed(inside)} in namespace ${namespace}`] : []),
  ];
}

/** Volumes first, because they say whose data it is. */
const shown = (objects: CustomObjectFacts[]) =>
  listed(
    objects
      .toSorted((a, b) => Number(b.definition.startsWith("volumes.")) - Number(a.definition.startsWith("volumes.")))
      .map(
        ({ definition, namespace: place, name }) => `${definition.split(".")[0]} ${place ? `${place}/` : ""}${name}`,
      ),
  );

const keep =
  "delete none of its definitions, because a definition's objects go with it, and Longhorn finds the data on the " +
  "nodes by them; install the Longhorn again that made them (the same version, in the same namespace), see what its " +
  "volumes hold, and uninstall it by its own way, which refuses while a volume is in use";

const look =
  "delete nothing of it; list them with credentials that may (npm run preflight, docs/preflight.md), and see whether " +
  "the API server serves the definitions: kubectl api-resources --api-group longhorn.io";
