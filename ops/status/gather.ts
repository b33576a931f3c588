import type { VolumeFacts } from "../../model/facts";
import { describeApiError, errorCode, type Kube } from "../../kube/client";
import { podsOf } from "../../kube/pods";
import { listClasses, listVolumes, lookUpWorkload } from "../../kube/look-up";
import { otherPolicy } from "../../preflight/policies";
import type { ServiceOutput, StackOutputs } from "../pulumi/outputs";
import { readRuns } from "../backup/last-run";
import { cleanupTrouble, readCleanup } from "./cleanup";
import { lookAtData } from "../data/look";
import { leftBeside, troublesOf, troublesOfKept } from "../data/troubles";
import type { ServiceFacts } from "./rows";

/** What the cluster has for all services together. */
interface Ground {
  volumes: VolumeFacts[];
  /** The reclaim policy of each class, by the class's name. */
  policies: ReadonlyMap<string, string>;
}

/** Reads what the cluster has of every service. Throws a UserError when it doesn't answer. */
export async function gatherFacts(kube: Kube, services: StackOutputs["services"]): Promise<Map<string, ServiceFacts>> {
  try {
    const ground = await readGround(kube);
    const facts = await Promise.all(
      Object.entries(services).map(
        async ([name, service]) => [name, await factsOf(kube, name, service, ground)] as const,
      ),
    );
    return new Map(facts);
  } catch (error) {
    throw describeApiError(error, kube, "reading the services' state");
  }
}

/** Undefined for credentials that may not list volumes or classes, which belong to no namespace. */
async function readGround(kube: Kube): Promise<Ground | undefined> {
  try {
    const [volumes, classes] = await Promise.all([listVolumes(kube), listClasses(kube)]);
    return { volumes, policies: new Map(classes.map(({ name, reclaimPolicy }) => [name, reclaimPolicy])) };
  } catch (error) {
    if (errorCode(error) === 403) return undefined;
    throw error;
  }
}

async function factsOf(
  kube: Kube,
  name: string,
  service: ServiceOutput,
  ground: Ground | undefined,
): Promise<ServiceFacts> {
  const [data, pods, fact, cleanup, backupRuns] = await Promise.all([
    lookAtData(kube, service.namespace),
    podsOf(kube, service),
    lookUpWorkload(kube, service),
    readCleanup(kube, service),
    service.backup && readRuns(kube, service.backup),
  ]);
  const { claims } = data;
  const names = service.claims.flatMap((claim) => [claim, ...claim.kept]).map(({ name }) => name);
  const own = claims.filter(({ name }) => names.includes(name));
  return {
    claims: new Map(claims.map((claim) => [claim.name, claim])),
    pods,
    moving: fact?.moving,
    troubles: [...troublesOf(name, service, data), ...troublesOfKept(name, service, data)],
    left: leftBeside(service, data),
    policies:
      ground &&
      own.flatMap((claim) => {
        const { className = "" } = claim;
        return otherPolicy(claim, ground.volumes, className, ground.policies.get(className)) ?? [];
      }),
    ...(backupRuns && { backupRuns }),
    ...(cleanup && { cleanupTrouble: cleanupTrouble(service, cleanup) }),
  };
}
