import type { InstanceInfo } from "../../cluster/instance/instance";
import type { LocalImages } from "../../cluster/images/images";
import type { Overrides } from "../overrides";

/**
 * What the dev stack's config has to say on the local cluster instead of what is committed.
 * `services`: those that the committed config has. `images`: locally made ones; undefined where real ones can be pulled.
 */
export function localOverrides(info: InstanceInfo, services: readonly string[], images?: LocalImages): Overrides {
  return {
    "cluster-storage:cluster": { context: info.context, kubeconfig: info.kubeconfig, identifier: info.context },
    "cluster-storage:backends": { "local-path": { path: info.volumes, ...(images ? provisioner(images) : {}) } },
    ...(images ? { "cluster-storage:services": imageOverrides(services, images) } : {}),
  };
}

/** What the dev stack's config has to say on another cluster of the user's: only which one. */
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
