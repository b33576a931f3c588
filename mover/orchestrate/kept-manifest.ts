import { workloadAnnotation } from "../../model/metadata";
import { annotate } from "./annotate";
import type { Context } from "./context";
import type { Manifest, Workload } from "./objects";
import { manifestOf } from "./workload";

/** The name of the claim that keeps the old workload's manifest. */
const keeperOf = ({ move }: Context) => move.target.claim ?? move.source.claim ?? "";

export const keepManifest = (context: Context, workload: Workload) =>
  annotate(context, keeperOf(context), { [workloadAnnotation]: JSON.stringify(manifestOf(workload)) });

export const dropManifest = (context: Context) => annotate(context, keeperOf(context), { [workloadAnnotation]: null });

/** Undefined where none is kept. */
export async function keptManifest(context: Context): Promise<Manifest | undefined> {
  const claim = await context.api.find(context.paths.claim(keeperOf(context)));
  const manifest = claim?.metadata.annotations?.[workloadAnnotation];
  return manifest ? JSON.parse(manifest) : undefined;
}
