import type { Target } from "../pulumi/target";
import { withConfig } from "../pulumi/config-file";
import { changesOf } from "./changes";
import { shorterCleanups } from "./cleanups";
import { withFiles } from "./count-files";
import { ratesOf, withDowntime } from "./downtime";
import { listClaims } from "../../kube/look-up";
import { readPreview } from "./read-preview";
import { asksCluster, withCluster } from "./in-cluster";
import { assessImpact } from "./assess";
import type { Impact } from "./types";

/**
 * What the checkout would do to the stack's data. `text`: used as the stack's config file instead of the checkout's.
 * Throws a UserError if the preview failed.
 */
export async function readImpact({ stack, connect }: Target, text?: string): Promise<Impact> {
  const { preview, said } = await withConfig(stack, text, (configFile) => readPreview({ ...stack, configFile }));
  const impact = await withFiles(
    assessImpact(stack.name, preview, said),
    shorterCleanups(changesOf(preview.steps)),
    connect,
  );
  if (!asksCluster(impact)) return impact;
  const claims = await listClaims(connect());
  const found = withCluster(impact, claims);
  return found.volumes.some(({ move }) => move) ? withDowntime(found, ratesOf(claims)) : found;
}
