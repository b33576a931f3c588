import type { NodeFacts, TalosVolume } from "../../model/node-facts";
import type { TalosConfig } from "./config";
import type { TalosNodeFacts } from "./node-facts";
import { volumeId } from "./judge-volume";

/** What the cluster's checks see of the node: what Talos says now, and the volumes that the steps make. */
export function foresee(
  node: NodeFacts,
  { volumes, kubeletMounts, extensions, upgrade }: TalosConfig,
  { seen }: TalosNodeFacts,
): NodeFacts {
  const made = Object.entries(volumes).map(([name, { directory }]): TalosVolume => ({
    id: volumeId(name),
    kind: "user",
    name,
    phase: "ready",
    ...(directory && { directory }),
  }));
  const ids = new Set(made.map(({ id }) => id));
  return {
    ...node,
    talos: {
      ...seen,
      extensions: [...new Set([...seen.extensions, ...(upgrade ? extensions : [])])],
      extraMounts: [...new Set([...seen.extraMounts, ...kubeletMounts])],
      volumes: [...seen.volumes.filter(({ id }) => !ids.has(id)), ...made],
      encrypted: [
        ...seen.encrypted.filter((id) => !ids.has(id)),
        ...Object.entries(volumes).flatMap(([name, { encryption }]) => (encryption ? [volumeId(name)] : [])),
      ],
    },
  };
}
