// @ts-check
import { workloadAnnotation } from "./paths.mjs";
import { manifestOf } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** Which claim keeps the old workload's manifest. @param {Context} context */
export const keeperOf = ({ paths, move }) =>
  paths.claim(/** @type {string} */ (move.target.claim ?? move.source.claim));

/** @param {Context} context @param {KubeObject} workload */
export async function keepManifest(context, workload) {
  await context.api.patch(keeperOf(context), {
    metadata: { annotations: { [workloadAnnotation]: JSON.stringify(manifestOf(workload)) } },
  });
}

/** @param {Context} context @returns {Promise<KubeObject | undefined>} */
export async function keptManifest(context) {
  const claim = await context.api.find(keeperOf(context));
  const manifest = claim?.metadata.annotations?.[workloadAnnotation];
  return manifest && JSON.parse(manifest);
}
