import { officialPlugins } from "../../local-cluster/pulumi";
import type { Progress } from "../../local-cluster/progress";
import { ensurePulumi } from "../../local-cluster/tools";
import { UserError } from "../../model/user-error";
import { assertReachable, connect } from "../../kube/client";
import type { Overrides } from "../pulumi/overrides";
import { contextTarget, type Target } from "../pulumi/target";
import { contextOverrides } from "./overrides";

/**
 * Checks that the stack can be deployed to a context of the user's kubeconfig. Throws a UserError where it can't, and
 * leaves the cluster unchanged.
 */
export async function prepareContext(
  context: string,
  progress: Progress,
): Promise<{ target: Target; overrides: Overrides }> {
  const kube = connect(context);
  await assertReachable(kube);
  await ensurePulumi(progress);
  const target = await contextTarget(context);
  if (!(await officialPlugins(target.stack.env))) {
    throw new UserError(
      "the official Pulumi plugins cannot be installed from here, and the stand-ins for them work on the local " +
        `cluster only: nothing was deployed to "${context}"`,
    );
  }
  return { target, overrides: contextOverrides(context) };
}
