import { countRest } from "./counts";
import type { Said } from "./diagnostics";
import { guardedOf } from "./guarded";
import { changesOf, kindOf, objectOf, type ImpactPreview, type ResourceChange } from "./changes";
import type { Impact } from "./types";
import { volumesOf } from "./volumes";
import { workloadsOf } from "./workloads";

/** What a preview means for the data. `said`: the preview's diagnostics, which contain no failure. */
export function assessImpact(
  stack: string,
  { steps }: Pick<ImpactPreview, "steps">,
  { refusals, warnings }: Said,
): Impact {
  const changes = changesOf(steps);
  const volumes = volumesOf(changes);
  const guarded = guardedOf(changes);
  const atRisk =
    guarded.length > 0 || volumes.some((volume) => volume.atRisk) || refusals.some(({ about }) => about === "data");
  return {
    stack,
    result: atRisk ? "at-risk" : refusals.length > 0 ? "refused" : "safe",
    // If the program refused the change before it planned anything, the preview has only the stack itself.
    complete: changes.length > 1 || refusals.length === 0,
    volumes,
    guarded,
    refusals,
    workloads: workloadsOf(changes),
    ...countRest(changes),
    warnings: [...changes.flatMap(replacedClass), ...warnings],
  };
}

/** A class can't be changed, so it is made anew. That neither harms nor changes existing volumes. */
function replacedClass({ urn, change, before, after }: ResourceChange): string[] {
  const state = after ?? before!;
  if (change !== "replaced" || kindOf(state) !== "StorageClass") return [];
  return [`class ${objectOf(urn, state)} is replaced: volumes that it made before keep its old settings`];
}
