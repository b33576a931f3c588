import type { Check } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import { isTalos, takesPods } from "../../preflight/nodes";
import { listed, results } from "../../preflight/results";

const takes = ({ system, probe }: NodeFacts): boolean | undefined => {
  const seen = system ?? probe?.system;
  return seen && seen.multipathd !== undefined && seen.multipathd.runs && !seen.multipathd.excepted;
};

/**
 * Whether multipathd leaves Longhorn's disks alone. A disk that it takes can't be mounted (longhorn issue 1210).
 * A warning only, as Longhorn's own is: by most settings it takes a disk only where two seem to be the same one.
 */
export const longhornMultipath: Check<unknown> = {
  id: "longhorn-multipath",
  group: "longhorn",
  asks: () => ({ disks: true }),
  run({ facts: { nodes } }) {
    const { ok, warning, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const fit = nodes.filter((node) => takesPods(node) && !isTalos(node));
    const names = (state: boolean | undefined) => fit.filter((node) => takes(node) === state).map(({ name }) => name);
    const [taking, unsure] = [names(true), names(undefined)];
    const found = [
      ...(taking.length > 0
        ? [
            warning(
              `multipathd runs on ${listed(taking)} and has no exception for Longhorn's disks; the volume of a disk ` +
                "that it takes can't be mounted",
              `say multipathException: true of ${taking.length === 1 ? "this node" : "these nodes"} in ` +
                "cluster-storage:nodes (docs/nodes-linux.md), or make it by hand: docs/backends/longhorn.md#multipathd",
            ),
          ]
        : []),
      ...(unsure.length > 0
        ? [
            unknown(
              `only a probe pod can tell whether multipathd leaves Longhorn's disks alone on ${listed(unsure)}`,
              "npm run preflight -- --probe",
            ),
          ]
        : []),
    ];
    return found.length > 0 ? found : [ok("multipathd takes Longhorn's disks on no node")];
  },
};
