import { ownerName } from "../../model/metadata";
import type { PreflightFacts } from "../../model/preflight-facts";
import type { GeneralCheck } from "../../model/backend";
import { count } from "../../model/quantity";
import { listed, results } from "../../preflight/results";

const driver = "driver.longhorn.io";
const namespace = "longhorn-system";
const ofLonghorn = (name: string) => name.endsWith(".longhorn.io") || name.startsWith("longhorn-");

/**
 * Looks for what an uninstalled Longhorn left. Its webhooks refuse a new Longhorn, and its definitions keep the
 * namespace from being deleted.
 */
export const longhornLeftovers: GeneralCheck = {
  id: "longhorn-leftovers",
  group: "classes",
  run({ facts, plan }) {
    const { ok, error, warning } = results(this.id);
    const wanted = plan.backends.some(({ type }) => type === "longhorn");
    const place = facts.namespaces?.find(({ name }) => name === namespace);
    const ours = place?.stack === ownerName(plan.owner);
    const runs = facts.drivers?.includes(driver) && place?.phase === "Active";
    // When a backend wants to install Longhorn, another check looks at who owns it.
    if (ours || runs)
      return [
        ok(ours ? "the Longhorn that is here is this stack's" : "Longhorn runs here, and nothing of it is left over"),
      ];
    const { found, remove } = leftovers(facts);
    if (found.length === 0) return [ok("nothing is left of an earlier Longhorn")];
    const say = wanted ? error : warning;
    return [say(`an earlier Longhorn left ${listed(found)}`, remove)];
  },
};

function leftovers({
  namespaces = [],
  definitions = [],
  webhooks = [],
  nodes = [],
  drivers = [],
  volumes = [],
}: PreflightFacts): { found: string[]; remove: string } {
  const place = namespaces.find(({ name }) => name === namespace);
  const kinds = definitions.filter(ofLonghorn);
  const hooks = webhooks.filter(ofLonghorn);
  const labelled = nodes
    .filter(({ labels, annotations }) =>
      [...Object.keys(labels), ...Object.keys(annotations)].some((key) => key.startsWith("node.longhorn.io/")),
    )
    .map(({ name }) => name);
  const bound = volumes.filter((volume) => volume.driver === driver).length;
  const parts: [boolean, string, string][] = [
    [bound > 0, `${count(bound, "volume")} of its driver`, "see what they hold and delete them"],
    [
      hooks.length > 0,
      `webhooks (${listed(hooks)})`,
      "kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration " +
        `--ignore-not-found ${hooks.join(" ")}`,
    ],
    [kinds.length > 0, count(kinds.length, "definition"), `kubectl delete crd ${kinds.join(" ")}`],
    [drivers.includes(driver), "its CSIDriver", `kubectl delete csidriver ${driver}`],
    [
      place !== undefined,
      `namespace ${namespace}${place?.phase === "Terminating" ? ", which can't end" : ""}`,
      `kubectl delete namespace ${namespace}`,
    ],
    [
      labelled.length > 0,
      `labels on ${listed(labelled)}`,
      `kubectl label nodes ${labelled.join(" ")} node.longhorn.io/create-default-disk-`,
    ],
  ];
  const there = parts.filter(([is]) => is);
  return { found: there.map(([, what]) => what), remove: there.map(([, , command]) => command).join("\n") };
}
