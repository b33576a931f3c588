import type { V1StatefulSet } from "@kubernetes/client-node";
import { stackAnnotation } from "../../model/metadata";
import { ifFound, type Kube } from "../../kube/client";
import { lookUpClaim } from "../../kube/look-up";
import { shortName } from "../pulumi/urn";
import { NotYet, waitFor } from "../terminal/wait";
import { claimNames, objection, type TakenDown } from "./taken-down";

export interface MakeAgainOptions {
  say: (line: string) => void;
  /** How long a deletion that is under way may take, in ms. The set's pod has to end first. */
  patience?: number;
}

/**
 * Pulumi creates objects with this field manager. Its next update takes over the fields of objects that were created
 * with it.
 */
const creator = "pulumi-kubernetes";

/**
 * Makes the sets again that a killed update took down, and returns the URNs of those that exist now. Sets
 * of another stack are left alone. If a volume speaks against a set, the set stays away until the next
 * update, and a message says so.
 */
export async function makeAgain(
  kube: Kube,
  sets: readonly TakenDown[],
  stack: string,
  options: MakeAgainOptions,
): Promise<string[]> {
  const there: string[] = [];
  for (const set of sets) {
    const live = await settled(kube, set, options);
    if (live ? live.metadata?.annotations?.[stackAnnotation] === stack : await make(kube, set, options.say))
      there.push(set.urn);
  }
  return there;
}

/** The set in the cluster after any deletion under way has finished; undefined if there is none. */
async function settled(
  kube: Kube,
  { urn, manifest }: TakenDown,
  { say, patience = 300_000 }: MakeAgainOptions,
): Promise<V1StatefulSet | undefined> {
  const { name = "", namespace = "" } = manifest.metadata ?? {};
  let told = false;
  const look = async () => {
    const live = await ifFound<V1StatefulSet>(
      kube.objects.read({ apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name, namespace } }),
    );
    if (!live?.metadata?.deletionTimestamp) return live;
    if (!told) say(`${shortName(urn)} is being deleted: waiting until it is gone`);
    told = true;
    throw new NotYet(
      `${shortName(urn)} is being deleted and is still there after ${patience / 1000} s: see what holds its pods ` +
        `(kubectl describe pods -n ${namespace}), then run this again. The state was not changed.`,
    );
  };
  return waitFor(look, { patience });
}

async function make(kube: Kube, { urn, manifest, made }: TakenDown, say: (line: string) => void): Promise<boolean> {
  const { namespace = "" } = manifest.metadata ?? {};
  for (const name of claimNames(manifest)) {
    const why = objection(name, await lookUpClaim(kube, namespace, name), made);
    if (why === undefined) continue;
    say(`${shortName(urn)} was taken down to be made anew, and ${why}: it is away until the next update`);
    return false;
  }
  await kube.objects.create(manifest, undefined, undefined, creator);
  say(`${shortName(urn)} was taken down to be made anew: made again, on claim ${claimNames(manifest).join(", ")}`);
  return true;
}
