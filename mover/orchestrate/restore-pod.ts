import type { V1Pod } from "@kubernetes/client-node";
import type { Move } from "../../model/mover";
import { resticAmounts, resticContainer, resticVariables } from "../../model/restic-pod";
import type { RestoreSource, RestoreTask } from "../../model/restore";
import { podOf, restricted, type CopyPodOptions, type Mounted } from "./copy-pod";
import { placedOn } from "./places";
import { commandOf } from "./same-version";

/** Where a restore's pod has what. */
export const restorePaths = {
  target: "/target",
  keys: "/keys",
  repository: "/repository",
  tools: "/tools",
  work: "/work",
};

/** A pod that restores a volume as the service's user. restic comes from its own image, and Node from the mover's. */
export function restorePod(
  move: Move & { restore: RestoreSource },
  action: "measure" | "copy",
  { task, owner, version, node, beside }: CopyPodOptions<RestoreTask>,
): V1Pod {
  const { target, repository, tools, work } = restorePaths;
  const { restore, places } = move;
  const env = {
    RESTORE: JSON.stringify(task),
    ...resticVariables(restorePaths),
    ...restore.env,
  };
  const claimName = move.target.claim ?? "";
  return podOf(move, action, owner, {
    ...placedOn(move.target.node ?? node, beside || move.target.node !== undefined, places),
    command: commandOf(version, ["restore.mjs", action]),
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    initContainers: [
      { ...resticContainer(restore.image, tools), resources: resticAmounts, securityContext: restricted },
    ],
    volumes: [
      {
        name: "target",
        mountPath: target,
        readOnly: action === "measure",
        volume: { persistentVolumeClaim: { claimName } },
      },
      secret("repository", repository, restore.secret),
      ...(restore.keys ? [secret("keys", restorePaths.keys, restore.keys.secret)] : []),
      { name: "tools", mountPath: tools, readOnly: true, volume: { emptyDir: {} } },
      { name: "work", mountPath: work, readOnly: false, volume: { emptyDir: {} } },
    ],
  });
}

const secret = (name: string, mountPath: string, secretName: string): Mounted => ({
  name,
  mountPath,
  readOnly: true,
  volume: { secret: { secretName, defaultMode: 0o440 } },
});
