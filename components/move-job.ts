import type { types } from "@pulumi/kubernetes";
import type { BackupsPlan } from "../model/backups";
import type { Move as Instructions, MoveEnd, OtherCopy, OtherFill } from "../model/mover";
import { endsFromOutside } from "../model/move-exit";
import { labels, metadata, ownerName } from "../model/metadata";
import type { ClaimPlan, MovePlan, VolumePlan } from "../model/storage";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { nodeFields, passFields } from "../plan/settings/pod";
import { acrossPort } from "./network";
import { movedContainer, spillPod } from "./pod";
import { containerSecurity, nobody, podDefaults, resources } from "./pod-defaults";
import { restoreSource } from "./restore-source";

export interface MoveJobArgs {
  owner: Owner;
  service: ServicePlan;
  mover: MoverPlan;
  claim: ClaimPlan;
  /**
   * The name of the account, of the ConfigMap with the programs, and of the Secret with the keys of jobs between nodes.
   */
  app: string;
  /** Where points are; absent where no claim of the service is restored. */
  backups?: BackupsPlan;
}

const small = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } };

function target({ name, generation, accessMode, ephemeral, node }: VolumePlan): MoveEnd {
  return ephemeral ? { generation } : { claim: name, generation, accessMode, ...(node !== undefined && { node }) };
}

const source = (volume: VolumePlan): MoveEnd => ({
  ...target(volume),
  ...(!volume.ephemeral && { size: volume.size }),
});

/** The service's volumes whose fills come later. They leave the same pod now, because it ends with the first fill. */
function othersOf({ service, claim }: MoveJobArgs): ClaimPlan[] {
  if (claim.move?.kind !== "fill") return [];
  return service.claims
    .slice(service.claims.indexOf(claim) + 1)
    .filter(({ move }) => move?.kind === "fill" && move.exportRecipe);
}

function otherFill(claim: ClaimPlan): OtherFill {
  const { from, replace, exportRecipe } = claim.move as MovePlan;
  return {
    volume: claim.volume,
    mounts: claim.mounts,
    source: source(from),
    target: target(claim),
    replace,
    exportRecipe: exportRecipe!,
  };
}

/**
 * The service's volumes that go to another node together with this one, or are restored with it: a pod needs all its
 * volumes on one node, and of one moment.
 */
function togetherOf({ service, claim }: MoveJobArgs): OtherCopy[] {
  const { across, restore } = claim.move ?? {};
  if ((!across && !restore) || claim.template) return [];
  const later = service.claims
    .slice(service.claims.indexOf(claim) + 1)
    .filter(({ move, template }) => (across ? move?.across : move?.restore) && !template);
  return later.map((other) => ({
    volume: other.volume,
    source: source((other.move as MovePlan).from),
    target: target(other),
    replace: (other.move as MovePlan).replace,
  }));
}

/** What the job is told of the service: everything that it needs, and nothing that changes from run to run. */
function instructions(args: MoveJobArgs, move: MovePlan): Instructions {
  const { owner, service, mover, claim, app } = args;
  const { name, namespace, kind, identity, graceSeconds } = service;
  const [others, together] = [othersOf(args).map(otherFill), togetherOf(args)];
  return {
    kind: move.kind,
    job: move.job,
    service: name,
    namespace,
    workload: { kind, name },
    volume: claim.volume,
    source: source(move.from),
    target: target(claim),
    ...(claim.template && move.from.template && { template: { from: move.from.template, to: claim.template } }),
    replace: move.replace,
    identity,
    graceSeconds,
    image: mover.image,
    scripts: app,
    owner: ownerName(owner),
    ...(move.kind === "fill" && { mounts: claim.mounts, exportRecipe: move.exportRecipe }),
    ...(move.across && { across: { secret: app, key: move.job, port: acrossPort } }),
    ...(together.length > 0 && { together }),
    ...restoreSource(args, move),
    ...podOf(service),
    ...(others.length > 0 && { others }),
    ...(["fill", "spill"].includes(move.kind) && { container: movedContainer(service) as Instructions["container"] }),
    ...(move.kind === "spill" && { pod: spillPod(service, mover) as Instructions["pod"] }),
  };
}

/** What the move's pods need beside the job's, and what the service's pod has once it is on the target. */
function podOf({ pod }: ServicePlan): Pick<Instructions, "passes" | "places"> {
  const [passes, places] = [passFields(pod), nodeFields(pod)];
  return {
    ...(Object.keys(passes).length > 0 && { passes }),
    ...(Object.keys(places).length > 0 && { places }),
  };
}

/**
 * The job that stops the service, has its data copied and checked, and starts it on the new volume. Where that fails,
 * it starts the service on the old volume.
 */
export function moveArgs(args: MoveJobArgs) {
  const { owner, service, claim, app } = args;
  const move = claim.move as MovePlan;
  const meta = metadata(owner, app, "move", move.job, service.namespace);
  return {
    // The next update tries a failed move again.
    metadata: { ...meta, annotations: { ...meta.annotations, "pulumi.com/replaceUnready": "true" } },
    spec: {
      // What the mover couldn't do ends the job at once, for the only such reason that Pulumi's plugin knows
      // (BackoffLimitExceeded): it tries again by itself. What befalls its pod from outside doesn't count.
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          { action: "Ignore", onExitCodes: { containerName: "move", operator: "In", values: endsFromOutside } },
        ],
      },
      template: { metadata: { labels: labels(owner, app, "move") }, spec: movePod(args, move) },
    },
  };
}

/** The pod that carries a move out. */
export function movePod(args: MoveJobArgs, move: MovePlan): types.input.core.v1.PodSpec {
  const { service, mover, claim, app } = args;
  // In a fill the job itself writes what the running pod streams to the new volume, as the service's own user.
  const fills = move.kind === "fill";
  const targets = fills
    ? [
        { name: "target", path: "/target", claimName: claim.name },
        ...othersOf(args).map(({ name, volume }) => ({
          name: `target-${volume}`,
          path: `/target-${volume}`,
          claimName: name,
        })),
      ]
    : [];
  return {
    ...podDefaults(fills ? service.identity : nobody),
    ...passFields(service.pod),
    // A new volume is made where this pod is, and the service's own pod has to follow it.
    ...(fills && nodeFields(service.pod)),
    automountServiceAccountToken: true,
    serviceAccountName: app,
    restartPolicy: "Never",
    // Long enough to start the service again on its old volume.
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
        volumeMounts: [
          { name: "mover", mountPath: "/mover", readOnly: true },
          ...targets.map(({ name, path }) => ({ name, mountPath: path })),
        ],
      },
    ],
    volumes: [
      { name: "mover", configMap: { name: app } },
      ...targets.map(({ name, claimName }) => ({ name, persistentVolumeClaim: { claimName } })),
    ],
  };
}
