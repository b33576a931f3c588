import type { KnownClass } from "./classes";
import type { PlacementConfig } from "../model/config";
import type { ClaimPlan } from "../model/storage";
import { volumePath, type VolumePlace } from "../model/config-path";
import type { Fault } from "../model/plan";

/**
 * Refuses a `node` that would have no effect: it has one only on a volume that a provisioner makes and that stays on
 * its node.
 */
export function checkNode(
  { node, class: name }: PlacementConfig,
  at: VolumePlace,
  known: KnownClass | undefined,
): Fault[] {
  const reason = node === undefined ? undefined : reasonAgainst(known, name);
  return reason === undefined
    ? []
    : [
        {
          path: volumePath(at, "node"),
          about: "placement",
          message: `node is for volumes that stay on the node that they are made on, and ${reason}`,
        },
      ];
}

function reasonAgainst(known: KnownClass | undefined, name: string | undefined): string | undefined {
  if (name === "") return 'volumes of class "" are made by hand; leave node out';
  if (!known) return "nothing is known of the volumes of the cluster's default class; name a backend";
  const backend = `backend "${known.backend}"`;
  if (known.ephemeral) return `${backend} keeps the data in the pod's own directory; leave node out`;
  if (known.name === "") return `the volumes of ${backend} are made by hand; leave node out`;
  if (known.capabilities.followsNode) return undefined;
  // Only the config can say whether the volumes of somebody else's class stay on their node.
  if (known.type === "existing")
    return (
      `nothing says that the volumes of ${backend} do; if they do, set followsNode: true in ` +
      `backends.${known.backend}, else leave node out`
    );
  return `the volumes of ${backend} can be reached from every node; leave node out`;
}

/** One pod mounts all volumes of a service, so they must all name the same node, or none. */
export function checkOneNode(claims: readonly ClaimPlan[]): Fault[] {
  const [first, ...others] = claims.filter(({ node }) => node !== undefined);
  return others
    .filter(({ node }) => node !== first?.node)
    .map((claim) => ({
      path: volumePath(claim, "node"),
      about: "placement",
      message:
        `"${claim.node}" is not the node of ${first && volumePath(first)}, "${first?.node}", and one pod has both ` +
        "volumes; name the same node at both",
    }));
}
