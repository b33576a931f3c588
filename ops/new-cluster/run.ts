import { assertReachable, type Kube } from "../../kube/client";
import { listClaims, listVolumes } from "../../kube/look-up";
import { count } from "../../model/quantity";
import { UserError } from "../../model/user-error";
import { keepState } from "../pulumi/kept-state";
import { deployedTo, objectsOf } from "../pulumi/objects";
import { replaceState } from "../pulumi/replace-state";
import { exportState, stackId, type Stack } from "../pulumi/stack";
import { identify, lookUpObjects } from "../recover/cluster";
import { agreed } from "../terminal/ask";
import { refuseNewCluster } from "./decide";
import { claimSizes, dataLost } from "./data-lost";
import { withoutCluster } from "./forget";

/**
 * Makes a stack forget a cluster that is gone, where the context leads to one that was made anew: the next update makes
 * everything there, empty. Generated passwords stay. It changes the state alone, after it kept a copy. Throws a
 * UserError where the cluster may be the stack's own or has data of it; nothing was changed then.
 */
export async function forgetOldCluster(
  stack: Stack,
  kube: Kube,
  { yes, say }: { yes?: boolean; say: (line: string) => void },
): Promise<void> {
  await assertReachable(kube);
  const state = await exportState(stack);
  const objects = objectsOf(state.deployment);
  const [before, cluster] = [deployedTo(state.deployment), await identify(kube)];
  if (objects.length === 0 && before === undefined) {
    say(
      `the state of stack "${stack.name}" has no cluster's objects, so there is nothing to forget: pulumi up goes on`,
    );
    return;
  }
  const places = await lookUpObjects(kube, objects);
  const [claims, volumes] = [await listClaims(kube), await listVolumes(kube)];
  const { context } = kube;
  const had = claimSizes(state.deployment);
  const names = [...had.keys()];
  const faults = refuseNewCluster({ stack: stackId(stack), context, cluster, before, places, names, claims, volumes });
  if (faults.length > 0)
    throw new UserError(["nothing was forgotten, because:", ...faults.map((fault) => `- ${fault}`)].join("\n"));
  const none =
    objects.length === 0
      ? `the state of stack "${stack.name}" has no object any more, and its last update went to another cluster than ` +
        `that of `
      : `not one of the ${count(objects.length, "object")} in the state of stack "${stack.name}" is in the cluster of `;
  say(`${none}context "${context}" (kube-system ${cluster?.uid}, made at ${cluster?.made})`);
  dataLost(had).forEach(say);
  await agreed("Forget the old cluster, so that the next update begins with empty volumes?", {
    yes,
    untouched: "nothing was changed",
  });
  const file = await keepState(stack, state);
  await replaceState(stack, state, withoutCluster(state));
  say(
    `forgotten: ${count(objects.length, "object")} of the old cluster. A copy of the state before is kept: ` +
      `pulumi stack import --stack ${stack.name} --file ${file} brings it back`,
  );
  say(
    "generated passwords and keys are the same as before, because a backup that is restored needs them; the next " +
      "pulumi up makes everything anew",
  );
}
