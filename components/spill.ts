import type { types } from "@pulumi/kubernetes";
import type { CopyTask } from "../model/mover";
import { spillInit, spillScripts } from "../model/spill";
import type { ClaimPlan } from "../model/storage";
import type { MoverPlan, ServicePlan } from "../model/plan";
import { containerSecurity, resources } from "./pod-defaults";

type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;

const amounts = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } };

/** Of the account, the rights and the programs of a service's moves. */
export const moveName = ({ name }: Pick<ServicePlan, "name">) => `${name}-move`;

/** Claims whose data the pod takes along into a directory of its own. */
const spilled = ({ claims }: ServicePlan) => claims.filter(({ move }) => move?.kind === "spill");

/**
 * Fill a pod's own directories from the claims that the service left, and check them, before it starts. A directory
 * that holds something is left alone: after its node's restart that is newer than the claim.
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

/** What only those containers mount. `scripts`: the ConfigMap with the mover's programs. */
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
