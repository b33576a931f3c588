import type { BeginPlan } from "../model/backups";
import type { StackConfig } from "../model/config";
import { pathText, volumePath } from "../model/config-path";
import type { ClaimFacts, ClusterFacts, RunFacts } from "../model/facts";
import { copyingAnnotation, fillAnnotation, movedAnnotation, ownerName } from "../model/metadata";
import type { Fault, ServicePlan, StoragePlan } from "../model/plan";
import { isPoint, newestPoint } from "../model/restore";
import type { ClaimPlan, MovePlan, VolumePlan } from "../model/storage";
import { readNote } from "./arrival";
import { volumesOf } from "./claims";
import { beside, byFresh, staleFresh, told } from "./fill-texts";
import type { Placed } from "./network";

/** What a service's new volumes begin with; undefined where it has no backups, so that they can only begin empty. */
export function planBegin(
  { spec, config }: Placed,
  claims: readonly ClaimPlan[],
  backups: StackConfig["backups"],
): BeginPlan | undefined {
  if (!backups || !spec.exportRecipe || config.backup === "none" || claims.length === 0) return undefined;
  const anew = (config.rotation ?? 1) > 1;
  const keys = (spec.secrets ?? []).filter(
    // A password that was given anew is set in whatever data there is.
    ({ boundToData, unchangeable }) => boundToData && (unchangeable !== undefined || !anew),
  );
  return { fresh: config.fresh ?? backups.fresh, keys: keys.map(({ key }) => key) };
}

/** `filling`: it is empty, or has a part of a point. `used`: it has data, or may have. */
type Condition = "absent" | "filling" | "filled" | "used";

interface Filled {
  services: ServicePlan[];
  faults: Fault[];
  warnings: string[];
}

/**
 * The services with what fills the volumes that the cluster doesn't have yet from their newest points. What has data
 * isn't touched, nor is a further volume of a service that has some.
 */
export function withFills(plan: StoragePlan, facts: ClusterFacts): Filled {
  if (plan.adopting) return { services: plan.services, faults: [], warnings: [] };
  const found = plan.services.map((service) => fillService(plan, service, facts));
  return {
    services: found.map(({ service }) => service),
    faults: found.flatMap(({ faults }) => faults),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

interface One {
  service: ServicePlan;
  faults: Fault[];
  warnings: string[];
}

function fillService(plan: StoragePlan, service: ServicePlan, facts: ClusterFacts): One {
  const { claims, begins } = service;
  const conditionOf = (volume: VolumePlan) => conditionIn(plan, facts, volume);
  const all = volumesOf(claims).map(conditionOf);
  const runs = runsOf(service, facts);
  const inPods = claims.some(({ move }) => move?.from.ephemeral) && (facts.runs === undefined || runs.length > 0);
  const isNew = !inPods && all.every((condition) => condition === "absent" || condition === "filling");
  // The service has left it for a newer one. The move that brings it back, where there is one, is the file's.
  const isLeft = ({ generation, kept }: ClaimPlan) =>
    kept.some((other) => other.generation > generation && ["used", "filled"].includes(conditionOf(other)));
  const wanted = (claim: ClaimPlan) => {
    if (claim.ephemeral || isLeft(claim)) return false;
    const condition = conditionOf(claim);
    return condition === "filling" || condition === "filled" || (condition === "absent" && isNew);
  };
  const chosen = claims.filter(wanted);
  if (!begins || begins.fresh)
    return {
      service,
      faults: chosen.filter((claim) => conditionOf(claim) === "filling").flatMap((claim) => halfFilled(claim, facts)),
      warnings: begins?.fresh
        ? [
            ...(all.some((condition) => condition !== "absent") ? [staleFresh(service)] : []),
            ...byFresh(
              service,
              chosen.filter((claim) => conditionOf(claim) === "absent"),
            ),
          ]
        : [],
    };
  const filling = chosen.filter((claim) => conditionOf(claim) !== "filled");
  const waiting = runs.filter(({ claims: used }) => filling.some(({ name }) => used.includes(name)));
  return {
    service: {
      ...service,
      claims: claims.map((claim) =>
        chosen.includes(claim)
          ? {
              ...filled(claim, begins, filling.length === 0),
              kept: claim.kept.map((kept) => marked(kept, conditionOf(kept))),
            }
          : claim,
      ),
    },
    faults: filling.some((claim) => conditionOf(claim) === "absent") ? waits(service, waiting) : [],
    warnings: [
      ...(filling.length > 0 ? [told(plan, service, filling)] : []),
      ...claims.filter((claim) => !chosen.includes(claim) && beginsEmpty(claim, conditionOf(claim))).map(beside),
    ],
  };
}

function conditionIn({ owner }: StoragePlan, facts: ClusterFacts, volume: VolumePlan): Condition {
  const claim = claimIn(facts, volume);
  const named = `${volume.namespace}/${volume.name}`;
  if (!claim) {
    // What a volume has that waits for the claim is not ours to judge, and it is no backup's.
    const waits = volume.volumeName !== undefined || (facts.volumes ?? []).some((each) => each.claim === named);
    return waits ? "used" : "absent";
  }
  if (claim.annotations[fillAnnotation] === undefined || claim.stack !== ownerName(owner)) return "used";
  if (claim.annotations[movedAnnotation] === undefined) return "filling";
  return isPoint(readNote<{ from: string }>(claim.annotations, movedAnnotation)?.from) ? "filled" : "used";
}

/** An earlier volume that is made, empty, with one that is filled has the mark too: it isn't where the data was. */
const marked = (volume: VolumePlan, condition: Condition): VolumePlan =>
  condition === "absent" || condition === "filling"
    ? { ...volume, annotations: { ...volume.annotations, [fillAnnotation]: newestPoint } }
    : volume;

/** Of one with earlier volumes the file says so: from: none. */
const beginsEmpty = ({ ephemeral, move, kept }: ClaimPlan, condition: Condition) =>
  condition === "absent" && !ephemeral && !move && kept.length === 0;

const claimIn = ({ claims }: ClusterFacts, volume: VolumePlan): ClaimFacts | undefined =>
  claims.find(({ namespace, name }) => namespace === volume.namespace && name === volume.name);

const runsOf = ({ name, namespace }: ServicePlan, { runs = [] }: ClusterFacts): RunFacts[] =>
  runs.filter((run) => run.service === name && run.namespace === namespace);

/** The claim with the job that fills it. `done`: all of the service's are, so nothing has to open the repository. */
function filled(claim: ClaimPlan, { keys }: BeginPlan, done: boolean): ClaimPlan {
  const { kept: _kept, move: _move, volume, mounts: _mounts, ...own } = claim;
  const from: VolumePlan = { ...own, generation: 0, ephemeral: true };
  const plain = claim.generation === 1 ? volume : volume.replace(/-\d+$/, "");
  // Two services of one namespace may have templates of the same name.
  const base = claim.template === undefined ? volume : `${plain}-${claim.service}`;
  const move: MovePlan = {
    job: `${base}-${newestPoint}-to-${claim.generation}`,
    kind: "restore",
    from,
    replace: false,
    restore: { point: newestPoint, keys, ...(done && { done }) },
  };
  return { ...claim, annotations: { ...claim.annotations, [fillAnnotation]: newestPoint }, move };
}

/** A workload that was left behind would start on the empty volume at once. */
function waits({ name, namespace, kind }: ServicePlan, runs: readonly RunFacts[]): Fault[] {
  const [first] = runs.filter((run) => run.kind !== "Pod");
  if (!first) return [];
  const message =
    `${first.kind} ${first.name} in namespace ${namespace} is there already, and would start on the new volume ` +
    "before its data is there; delete it, which deletes no data: " +
    `kubectl -n ${namespace} delete ${kind.toLowerCase()} ${first.name}; then pulumi up --refresh makes it again`;
  return [{ path: pathText(["services", name]), message }];
}

/** A volume that was never whole is no volume to start on, whatever the config says by now. */
function halfFilled(claim: ClaimPlan, facts: ClusterFacts): Fault[] {
  const { name, namespace, service } = claim;
  if (claimIn(facts, claim)?.annotations[copyingAnnotation] === undefined) return [];
  const message =
    `claim ${name} in namespace ${namespace} has an unfinished copy of a point; bring the lines back by which it ` +
    `was filled (cluster-storage:backups, without fresh) and run the update again; to begin empty instead, delete ` +
    `it: kubectl -n ${namespace} delete pvc ${name}, then npm run recover -- --begin-empty ${service}`;
  return [{ path: volumePath(claim), message }];
}
