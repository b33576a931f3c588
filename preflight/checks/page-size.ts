import type { GeneralCheck } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import type { ServicePlan } from "../../model/plan";
import type { PreflightFacts } from "../../model/preflight-facts";
import { misfit } from "../../plan/settings/fits";
import { takesPodOf } from "../nodes";
import { listed, results } from "../results";
import { reaches } from "./requests";

const { warning } = results("page-size");
const kib = 1024;

/**
 * An allocator that was built for smaller memory pages ends its program at once: "Unsupported system page size". Where
 * no node has larger pages there is nothing to say.
 */
export const pageSize: GeneralCheck = {
  id: "page-size",
  group: "cluster",
  run({ facts, plan }) {
    const large = (facts.nodes ?? []).filter((node) => pageSizeOf(node) > 4 * kib);
    return plan.services.flatMap((service) => {
      const { name, run, largestPage } = service;
      if (!run || largestPage === undefined) return [];
      const unfit = large.filter((node) => pageSizeOf(node) > largestPage && mayGoTo(service, node, facts));
      if (unfit.length === 0) return [];
      const nodes = unfit.map((node) => `${node.name} (${pageSizeOf(node) / kib} KiB)`);
      const pi = unfit.some(({ kernelVersion }) => raspberry.test(kernelVersion));
      return [
        warning(
          `the image of ${name} bears memory pages of at most ${largestPage / kib} KiB, and its pod can go to ` +
            `${listed(nodes)}, where it would end at once with "Unsupported system page size"`,
          (pi
            ? "a Raspberry Pi has pages of 4 KiB with the line kernel=kernel8.img in /boot/firmware/config.txt and a " +
              "restart; or "
            : "start these nodes with a kernel of smaller pages, or ") +
            `name an image that was built for larger ones in cluster-storage:services.${name}.image`,
        ),
      ];
    });
  },
};

const mayGoTo = (service: ServicePlan, node: NodeFacts, facts: PreflightFacts) =>
  takesPodOf(service, node) && !misfit(service.pod, node) && reaches(service, node, facts);

/** The kernel of Raspberry Pi OS for the Pi 5, which has pages of 16 KiB; that for all models is `rpi-v8`. */
const raspberry = /rpi-2712\b/;

/**
 * The size of a node's memory pages: as the probe pod saw it, else by the kernel's name, which says it where a
 * distribution has kernels of several sizes (RHEL `+64k`, Ubuntu `-64k`, Asahi).
 */
export function pageSizeOf({ probe, kernelVersion }: Pick<NodeFacts, "probe" | "kernelVersion">): number {
  if (probe?.pageSize !== undefined) return probe.pageSize;
  const [, named] = /[+.-](16|64)k\b/i.exec(kernelVersion) ?? [];
  if (named !== undefined) return Number(named) * kib;
  return (raspberry.test(kernelVersion) || /\basahi\b/.test(kernelVersion) ? 16 : 4) * kib;
}
