import type { Kube } from "../../kube/client";
import { stackAnnotation } from "../../model/metadata";
import { UserError } from "../../model/user-error";
import { objectName, objectsOf } from "../pulumi/objects";
import { stackId, type Stack } from "../pulumi/stack";
import type { Deployment } from "../pulumi/state";
import { isSame, lookUpObjects } from "../recover/cluster";

/** Kinds that bear their stack's name in every stack with data. */
const marked = ["PersistentVolumeClaim", "Namespace"];

/**
 * What an update left that was cut off is found by the stack's name. Throws a UserError where the stack was renamed
 * since then: everything would be taken for somebody else's.
 */
export async function assertNotRenamed(
  kube: Pick<Kube, "objects">,
  deployment: Deployment,
  stack: Stack,
): Promise<void> {
  const places = await lookUpObjects(
    kube,
    objectsOf(deployment).filter(({ kind }) => marked.includes(kind)),
  );
  const now = stackId(stack);
  const [first] = places.flatMap(({ object, live }) => {
    const mark = isSame({ object, live }) ? live?.annotations[stackAnnotation] : undefined;
    return mark === undefined || mark === now ? [] : [{ object, mark }];
  });
  if (!first) return;
  throw new UserError(
    `stack "${stack.name}" was renamed after an update or a move of it was cut off: ${objectName(first.object)}, ` +
      `which is its own by the uid, bears the name ${first.mark}, and so does what that update left. Nothing was ` +
      "changed. Give the stack that name again (pulumi stack rename), run npm run recover there, and then rename it " +
      "once more",
  );
}
