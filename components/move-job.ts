import type { types } from "@pulumi/kubernetes";
import type { Move as Instructions, MoveEnd } from "../mover/types";
import { labels, metadata, ownerName } from "../plan/metadata";
import type { Identity } from "../plan/container-types";
import type { ClaimPlan, MovePlan, VolumePlan } from "../plan/storage-types";
import type { MoverPlan, Owner, ServicePlan } from "../plan/types";
import { spillPod } from "./pod";
import { containerSecurity, podDefaults, resources } from "./pod-defaults";

export interface MoveJobArgs {
  owner: Owner;
  service: ServicePlan;
  mover: MoverPlan;
  claim: ClaimPlan;
  /** Name of the account and of the ConfigMap with the programs. */
  app: string;
}

const nobody: Identity = { uid: 65534, gid: 65534 };
const small = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } };

function end({ name, generation, accessMode, size, ephemeral }: VolumePlan): MoveEnd {
  return ephemeral ? { generation } : { claim: name, generation, accessMode, size };
}

/** What the job is told: everything that it needs to know of the service, and nothing that changes from run to run. */
function instructions({ owner, service, mover, claim, app }: MoveJobArgs, move: MovePlan): Instructions {
  const { name, namespace, kind, identity, graceSeconds } = service;
  return {
    kind: move.kind,
    job: move.job,
    service: name,
    namespace,
    workload: { kind, name },
    volume: claim.volume,
    source: end(move.from),
    target: end(claim),
    ...(claim.template && move.from.template && { template: { from: move.from.template, to: claim.template } }),
    replace: move.replace,
    identity,
    graceSeconds,
    image: mover.image,
    scripts: app,
    owner: ownerName(owner),
    ...(move.leave && { leave: move.leave }),
    ...(move.kind === "spill" && { pod: spillPod(service, mover) as Instructions["pod"] }),
  };
}

/** The job that stops the service, has its data copied and checked, and starts it on the new volume; or on the old one where that fails. */
export function moveArgs(args: MoveJobArgs) {
  const { owner, service, claim, app } = args;
  const move = claim.move as MovePlan;
  const meta = metadata(owner, app, "move", move.job, service.namespace);
  return {
    // A move that failed is tried again by the next update.
    metadata: { ...meta, annotations: { ...meta.annotations, "pulumi.com/replaceUnready": "true" } },
    spec: {
      backoffLimit: 2,
      // What only a person can put right isn't tried again; a drained node doesn't count.
      podFailurePolicy: {
        rules: [
          { action: "FailJob", onExitCodes: { containerName: "move", operator: "In", values: [3] } },
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        ],
      },
      template: { metadata: { labels: labels(owner, app, "move") }, spec: movePod(args, move) },
    },
  };
}

function movePod(args: MoveJobArgs, move: MovePlan): types.input.core.v1.PodSpec {
  const { service, mover, claim, app } = args;
  // What a running pod hands over goes through the job itself to the new volume, as the service's own user.
  const fills = move.kind === "fill";
  return {
    ...podDefaults(fills ? service.identity : nobody),
    automountServiceAccountToken: true,
    serviceAccountName: app,
    restartPolicy: "Never",
    // Time to start the service again on its old volume.
    terminationGracePeriodSeconds: 120,
    containers: [
      {
        name: "move",
        image: mover.image,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "/mover/main.mjs"],
        env: [{ name: "MOVE", value: JSON.stringify(instructions(args, move)) }],
        resources: resources(small),
        securityContext: containerSecurity(true),
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [{ name: "mover", mountPath: "/mover", readOnly: true }, ...(fills ? [{ name: "target", mountPath: "/target" }] : [])],
      },
    ],
    volumes: [{ name: "mover", configMap: { name: app } }, ...(fills ? [{ name: "target", persistentVolumeClaim: { claimName: claim.name } }] : [])],
  };
}
