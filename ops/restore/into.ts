import type { KubernetesObject, V1Job, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { deleteInForeground } from "../../kube/delete";
import { ifFound, type Kube } from "../../kube/client";
import type { ListedPoint } from "../../model/backup";
import { dnsLabel } from "../../config/forms";
import { formatBytes } from "../../model/quantity";
import type { ServicePlan } from "../../model/plan";
import { shortPoint, type RestoreTask } from "../../model/restore";
import { UserError } from "../../model/user-error";
import type { BackedUpService } from "../backup/decide";
import { readCronJob, runWithNeeds } from "../backup/job";
import { takenGenerations } from "../move/taken";
import { formatTime } from "../terminal/age";
import { plainVolume } from "./describe";
import { readOpens } from "./of-backup";
import { jobOfScratch, needsOfScratch, reasonIn, scratchAnnotation, scratchClaim, type Shared } from "./scratch";

export interface Into {
  name: string;
  plan: ServicePlan;
  service: BackedUpService;
  point: ListedPoint;
}

/** The claims to make, by the volumes that they are like. Throws a UserError for a name that can't be one. */
export function claimsInto({
  name,
  plan,
}: Pick<Into, "name" | "plan">): { name: string; volume: ServicePlan["claims"][0] }[] {
  const several = plan.claims.length > 1;
  return plan.claims.map((volume) => {
    const own = several ? `${name}-${volume.claimKey ?? plainVolume(volume)}` : name;
    const wrong = dnsLabel.safeParse(own).error?.issues[0]?.message;
    if (wrong !== undefined) throw new UserError(`--into ${wrong}`);
    const known = [volume, ...volume.kept].some((each) => each.name === own);
    if (known || takenGenerations(volume, [`${volume.namespace}/${own}`]).length > 0)
      throw new UserError(`--into ${own} is the name of a volume of ${plan.name}; choose another name`);
    return { name: own, volume };
  });
}

/**
 * Brings a point to claims of their own beside a service, which goes on untouched. The same command goes on where one
 * was killed. Throws a UserError where that can't be done.
 */
export async function restoreInto(kube: Kube, into: Into, say: (line: string) => void): Promise<void> {
  const { plan, point, service } = into;
  const shared = await readShared(kube, service);
  for (const { name, volume } of claimsInto(into)) {
    const { size, namespace } = volume;
    const task: RestoreTask = {
      point: point.id,
      of: `${point.stack}/${point.service}`,
      repository: service[1].backup.repository,
      volume: plainVolume(volume),
      target: "",
      targetName: name,
      size,
      resume: false,
      service: plan.name,
      namespace,
    };
    const scratch = { name, like: volume, task };
    await makeClaim(kube, scratchClaim(scratch));
    say(`restoring point ${shortPoint(point.id)} to ${namespace}/${name}`);
    const failed = await runJob(
      kube,
      jobOfScratch(scratch, shared),
      (uid) => needsOfScratch(scratch, shared, uid),
      say,
    );
    if (failed !== undefined)
      throw new UserError(
        `${reasonIn(failed)}. ${plan.name} was not touched. Claim ${namespace}/${name} belongs to no stack: kubectl ` +
          `-n ${namespace} delete pvc ${name} deletes it`,
      );
    say(
      `claim ${namespace}/${name} has ${plan.name} as it was at ${formatTime(new Date(point.at))}, compared with the ` +
        `point's listing (${formatBytes(point.bytes)}). It belongs to no stack: kubectl -n ${namespace} delete pvc ` +
        `${name} deletes it`,
    );
  }
}

/** Reads what the stack's backups share, which the job's pod is made of. */
async function readShared(kube: Kube, [, { backup }]: BackedUpService): Promise<Shared> {
  const [cronJob, opens] = await Promise.all([readCronJob(kube, backup), readOpens(kube, backup.namespace)]);
  return { cronJob, ...opens };
}

async function makeClaim({ core }: Kube, claim: V1PersistentVolumeClaim): Promise<void> {
  const { name = "", namespace = "", annotations } = claim.metadata ?? {};
  const found = await ifFound(core.readNamespacedPersistentVolumeClaim({ name, namespace }));
  if (!found) return void (await core.createNamespacedPersistentVolumeClaim({ namespace, body: claim }));
  const [wanted, has] = [annotations, found.metadata?.annotations].map((each) => each?.[scratchAnnotation]);
  if (wanted !== has)
    throw new UserError(
      `claim ${namespace}/${name} is there already${has === undefined ? "" : `, with ${has}`}; nothing was changed. ` +
        "Choose another name",
    );
}

/** Runs the job, and removes it with all that it was given. Returns why it failed; undefined where it didn't. */
async function runJob(
  kube: Kube,
  job: V1Job,
  needs: (uid: string) => KubernetesObject[],
  say: (line: string) => void,
): Promise<string | undefined> {
  const { name = "", namespace = "" } = job.metadata ?? {};
  const ref = { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace } };
  const left = (await ifFound(kube.objects.read(ref))) as V1Job | undefined;
  if (left) {
    await deleteInForeground(kube, ref, left.metadata?.uid);
    throw new UserError(
      `an earlier ${namespace}/${name} was still there and is being removed; run the same command again`,
    );
  }
  return runWithNeeds(kube, job, needs, say);
}
