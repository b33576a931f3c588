import { failureOf, type Kube } from "../../kube/client";
import type { ListedPoint } from "../../model/backup";
import { shortPoint } from "../../model/restore";
import { linesOf } from "../backup/job";
import { newestFirst, readListed } from "../backup/print";
import type { ServiceOutput } from "../pulumi/outputs";
import { formatTime } from "../terminal/age";

/** Whose points are looked for. */
export interface KeptVolume {
  /** `project/stack`. */
  owner: string;
  service: string;
  /** Which of the service's volumes it is, from 0 on, and its generation. */
  index: number;
  generation: number;
}

/** What the repository has of a kept volume, for a person. */
export function describePoints(points: readonly ListedPoint[], kept: KeptVolume): string {
  const { owner, service, index, generation } = kept;
  const own = points
    .filter((point) => point.stack === owner && point.service === service && point.incomplete === undefined)
    .filter((point) => point.generation.split("+")[index] === String(generation));
  const [newest] = newestFirst(own);
  if (!newest) return `NONE in the repository has what was on generation ${generation}`;
  return (
    `the newest with generation ${generation} is ${shortPoint(newest.id)} from ${formatTime(new Date(newest.at))}` +
    `${own.length > 1 ? ` (${own.length} in all)` : ""}; what was written to it after that is in none`
  );
}

/** The same, read from the repository; why it isn't known where that can't be read. */
export async function lookForPoints(
  kube: Kube,
  backup: NonNullable<ServiceOutput["backup"]>,
  kept: KeptVolume,
): Promise<string> {
  try {
    const { lines, failed } = await linesOf(kube, backup, { act: "list" });
    return failed === undefined ? describePoints(readListed(lines), kept) : `not known: ${failed}`;
  } catch (error) {
    return `not known: ${failureOf(error)}`;
  }
}
