import type { types } from "@pulumi/kubernetes";
import type { CopyTask } from "../model/mover";
import { spillInit, spillScripts } from "../model/spill";
import type { ClaimPlan } from "../model/storage";
import type { MoverPlan, ServicePlan } from "../model/plan";
import { containerSecurity, resources } from "./pod-defaults";

type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;

const amounts = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } };

/** The name of the account, the rights and the programs of a service's moves. */
export const moveName = ({ name }: Pick<ServicePlan, "name">) => `${name}-move`;

/** The claims whose data goes into a directory of the pod. */
const spilled = ({ claims }: ServicePlan) => claims.filter(({ move }) => move?.kind === "spill");

/**
 * Init containers that copy the data of the claims that the service left into directories of the pod, and check the
 * copies. A directory that is not empty is left alone: after a restart of the node it has newer data than the claim.
 */
export function spillContainers(service: ServicePlan, mover: MoverPlan): Container[] {
  return spilled(service).map((claim) => ({
    name: spillInit(claim.volume),
    image: mover.image,
    imagePullPolicy: "IfNotPresent",
    command: ["node", "/mover/copy.mjs", "copy"],
    env: [{ name: "COPY", value: JSON.stringify(task(claim)) }],
    resources: resources(amounts),
    securityContext: containerSecurity(true),
    volumeMounts: [
      { name: spillScripts, mountPath: "/mover", readOnly: true },
      { name: spillInit(claim.volume), mountPath: "/source", readOnly: true },
      { name: claim.volume, mountPath: "/target" },
    ],
  }));
}

/** The volumes that only these containers mount. `scripts`: the ConfigMap with the mover's programs. */
export function spillVolumes(service: ServicePlan, scripts: string): Volume[] {
  const sources = spilled(service).map((claim) => ({
    name: spillInit(claim.volume),
    persistentVolumeClaim: { claimName: claim.move?.from.name ?? "", readOnly: true },
  }));
  return sources.length > 0 ? [...sources, { name: spillScripts, configMap: { name: scripts } }] : [];
}

function task({ move, size }: ClaimPlan): CopyTask {
  const source = move?.from.name ?? "";
  return {
    source: "/source",
    target: "/target",
    sourceName: source,
    targetName: "the emptyDir",
    sourceId: source,
    size,
    replace: false,
    resume: false,
    onlyEmpty: true,
  };
}
