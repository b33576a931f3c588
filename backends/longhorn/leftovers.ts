import type { PreflightFacts } from "../../model/preflight-facts";
import { count } from "../../model/quantity";
import { listed } from "../../preflight/results";

export const driver = "driver.longhorn.io";
export const namespace = "longhorn-system";
export const ofLonghorn = (name: string) => name.endsWith(".longhorn.io") || name.startsWith("longhorn-");

/** What stands for no data, and the commands that take it away. Only for a cluster without a Longhorn and its data. */
export function leftovers({
  namespaces = [],
  definitions = [],
  webhooks = [],
  nodes = [],
  drivers = [],
}: PreflightFacts): { found: string[]; remove: string } {
  const place = namespaces.find(({ name }) => name === namespace);
  const kinds = definitions.filter(ofLonghorn);
  const hooks = webhooks.filter(ofLonghorn);
  const labelled = nodes
    .filter(({ labels, annotations }) =>
      [...Object.keys(labels), ...Object.keys(annotations)].some((key) => key.startsWith("node.longhorn.io/")),
    )
    .map(({ name }) => name);
  const parts: [boolean, string, string][] = [
    [
      hooks.length > 0,
      `webhooks (${listed(hooks)})`,
      "kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration " +
        `--ignore-not-found ${hooks.join(" ")}`,
    ],
    [kinds.length > 0, `${count(kinds.length, "definition")} without objects`, `kubectl delete crd ${kinds.join(" ")}`],
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
