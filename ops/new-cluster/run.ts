import { assertReachable, type Kube } from "../../kube/client";
import { listClaims, listVolumes } from "../../kube/look-up";
import { count } from "../../model/quantity";
import { UserError } from "../../model/user-error";
import { keepState } from "../pulumi/kept-state";
import { deployedTo, objectsOf } from "../pulumi/objects";
import { exportState, importState, stackId, type Stack } from "../pulumi/stack";
import type { Deployment } from "../pulumi/state";
import { identify, lookUpObjects } from "../recover/cluster";
import { agreed } from "../terminal/ask";
import { refuseNewCluster } from "./decide";
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
  const faults = refuseNewCluster({ stack: stackId(stack), context, cluster, before, places, claims, volumes });
  if (faults.length > 0)
    throw new UserError(["nothing was forgotten, because:", ...faults.map((fault) => `- ${fault}`)].join("\n"));
  say(
    `not one of the ${count(objects.length, "object")} in the state of stack "${stack.name}" is in the cluster of ` +
      `context "${context}" (kube-system ${cluster?.uid}, made at ${cluster?.made})`,
  );
  dataLost(state.deployment).forEach(say);
  await agreed("Forget the old cluster, so that the next update begins with empty volumes?", {
    yes,
    untouched: "nothing was changed",
  });
  const file = await keepState(stack, state);
  await importState(stack, withoutCluster(state));
  say(
    `forgotten: ${count(objects.length, "object")} of the old cluster. A copy of the state before is kept: ` +
      `pulumi stack import --stack ${stack.name} --file ${file} brings it back`,
  );
  say(
    "generated passwords and keys are the same as before, because a backup that is restored needs them; the next " +
      "pulumi up makes everything anew",
  );
}

/** Which data the old cluster had, in words. */
export function dataLost({ resources = [] }: Deployment): string[] {
  const claims = resources.flatMap(({ type, delete: old, inputs = {} }) => {
    if (!type.endsWith(":PersistentVolumeClaim") || old) return [];
    const { metadata, spec } = inputs as {
      metadata?: { namespace?: string; name?: string };
      spec?: { resources?: { requests?: { storage?: string } } };
    };
    return [`  ${metadata?.namespace}/${metadata?.name}, ${spec?.resources?.requests?.storage}`];
  });
  if (claims.length === 0) return ["the old cluster had no claims of the stack"];
  return [
    "the data of these claims was in the old cluster, and it is not in this one:",
    ...claims.sort(),
    "the next update makes them empty; what a backup has of them has to be restored after it. Files that outlived " +
      "the cluster (on a share, or on a disk that was not wiped) stay where they are: docs/recovery.md says how to " +
      "use them",
  ];
}
