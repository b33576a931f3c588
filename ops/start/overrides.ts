import * as path from "node:path";
import type { InstanceInfo } from "../../local-cluster/instance/instance";
import type { LocalImages } from "../../local-cluster/images/images";
import type { Overrides } from "../pulumi/overrides";

/** The facts of the local cluster that the config needs. */
export type LocalInfo = Pick<InstanceInfo, "context" | "kubeconfig" | "volumes">;

/** The parts of the committed config that differ on the local cluster. */
export interface Committed {
  services: readonly string[];
  /** The backends of type local-path. */
  localPaths: readonly string[];
  /** Whether what opens the backups' repository can be read; absent where there are no backups. */
  backups?: boolean;
}

/**
 * The values of the dev stack's config that replace the committed ones on the local cluster. `images`: the locally made
 * images; undefined where real ones can be pulled. `restic`: the image of backups that was made here; absent where none
 * was.
 */
export function localOverrides(
  info: LocalInfo,
  { services, localPaths }: Omit<Committed, "backups">,
  images?: LocalImages,
  restic?: string,
): Overrides {
  return {
    "cluster-storage:cluster": { context: info.context, kubeconfig: info.kubeconfig, identifier: info.context },
    "cluster-storage:backends": Object.fromEntries(
      localPaths.map((name) => [
        name,
        { path: directory(info, name), ...oneDisk, ...(images ? provisioner(images) : {}) },
      ]),
    ),
    ...(images
      ? {
          "cluster-storage:mover": { image: images.mover },
          ...(restic !== undefined && { "cluster-storage:backups": { image: restic } }),
          "cluster-storage:preflight": { probeImage: images.helper },
          "cluster-storage:services": imageOverrides(services, images),
        }
      : {}),
  };
}

/** All backends are on this machine's disk, and claims may add up to more than it has. */
const oneDisk = { sharedDisk: true, overCommit: "warn" };

/** Each backend has a directory of its own, as if it were another disk. */
const directory = ({ volumes }: LocalInfo, backend: string) =>
  backend === "local-path" ? volumes : path.join(volumes, backend);

/** The override for the dev stack on another cluster of the user's: only the cluster itself. */
export function contextOverrides(context: string): Overrides {
  return { "cluster-storage:cluster": { context, kubeconfig: undefined, identifier: context } };
}

function provisioner({ provisioner, helper }: LocalImages): Overrides {
  return {
    version: provisioner.version,
    image: provisioner.image,
    helperImage: helper,
    allowVulnerable: "a throw-away cluster on this machine, for which no newer version can be had here",
  };
}

function imageOverrides(services: readonly string[], { overrides }: LocalImages): Overrides {
  const made = services.flatMap((name) => {
    const override = overrides[name];
    return override ? [[name, { image: { ref: override.image, standIn: override.standIn } }]] : [];
  });
  return Object.fromEntries(made) as Overrides;
}
