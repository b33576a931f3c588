import type { SystemFacts } from "../../../model/node-facts";
import { node, ok, stack, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen, talos } from "../nodes";

describe("preflight of Longhorn", () => {
  const one = stack({ big: { type: "longhorn", default: true } });
  const selinux = { enforcing: false, labels: {} };
  const system = (multipathd?: SystemFacts["multipathd"]) => ({
    system: { selinux, ...(multipathd && { multipathd }) },
  });
  const runs = system({ runs: true, excepted: false });
  const nowhere = ok("multipathd takes Longhorn's disks on no node");
  const takes = (names: string, these: string) =>
    warning(
      `multipathd runs on ${names} and has no exception for Longhorn's disks; the volume of a disk that it takes ` +
        "can't be mounted",
      `say multipathException: true of ${these} in cluster-storage:nodes (docs/nodes-linux.md), or make it by hand: ` +
        "docs/backends/longhorn.md#multipathd",
    );
  const unsure = (names: string) =>
    unknown(`only a probe pod can tell whether multipathd leaves Longhorn's disks alone on ${names}`, probe);

  table("longhorn-multipath", [
    { title: "unseen", stack: one, says: [unsure("a")] },
    { title: "not installed", stack: one, facts: { nodes: [seen("a", system())] }, says: [nowhere] },
    {
      title: "installed, and it doesn't run",
      stack: one,
      facts: { nodes: [seen("a", system({ runs: false, excepted: false }))] },
      says: [nowhere],
    },
    {
      title: "running with an exception",
      stack: one,
      facts: { nodes: [seen("a", system({ runs: true, excepted: true }))] },
      says: [nowhere],
    },
    { title: "running", stack: one, facts: { nodes: [seen("a", runs)] }, says: [takes("a", "this node")] },
    {
      title: "running on two nodes, with a third unseen and a fourth that takes no pods",
      stack: one,
      facts: { nodes: [seen("a", runs), seen("b", runs), node("c"), node("d", { unschedulable: true })] },
      says: [takes("a and b", "these nodes"), unsure("c")],
    },
    {
      title: "as the node itself says over SSH, which counts before the probe pod",
      stack: one,
      facts: {
        nodes: [node("a", runs), { ...seen("b", runs), ...system({ runs: true, excepted: true }) }],
      },
      says: [takes("a", "this node")],
    },
    { title: "Talos", stack: one, facts: { nodes: [talos("a", [])] }, says: [nowhere] },
  ]);
});
