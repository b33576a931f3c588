import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { shortPoint, type FromPoint } from "../../model/restore";
import { readManifest, type Listing } from "../backup/read-manifest";
import { faultOfEnd, openRepository, restic, resticExit, type ResticEnd } from "../backup/restic";
import { MoveError } from "../faults";

export interface Opened {
  point: Pick<FromPoint, "point">["point"];
  /** The repository, for people. */
  repository: string;
}

export interface OpenOptions {
  /** A directory for restic to write to. */
  work: string;
  /** How long the repository may take for its first answer, in milliseconds. */
  patience: number;
  signal?: AbortSignal;
}

/** Reads what a point has. Throws where the repository can't be opened, and where there is no such point in it. */
export async function openPoint({ point, repository }: Opened, options: OpenOptions): Promise<Listing> {
  const { work, patience, signal } = options;
  await openRepository(repository, { patience, signal });
  const file = join(work, "manifest.jsonl");
  const dumped = await restic(["dump", point, "/manifest.jsonl", "--target", file, "--no-lock"], { signal });
  if (dumped.code !== resticExit.done) throw faultOfPoint(dumped, { point, repository });
  try {
    return readManifest(readFileSync(file, "utf8"), { point: shortPoint(point) });
  } finally {
    rmSync(file, { force: true });
  }
}

/** What is damaged stays so: another try would say the same. */
const damage = new RegExp(
  [
    "ciphertext verification failed|hash mismatch|wrong hash|invalid data returned|unexpected EOF|too short|ReadFull",
    "not found in (repository|index)|blob .* not found|damaged",
  ].join("|"),
  "i",
);

/** Why restic could not read a point, for a person, with the way out. */
export function faultOfPoint(end: ResticEnd, { point, repository }: Opened): MoveError {
  const { code, said } = end;
  if (code === undefined) return faultOfEnd(end, repository);
  if (/no matching ID found|multiple IDs/.test(said))
    return new MoveError(
      `there is no point ${shortPoint(point)} in the repository at ${repository}; npm run restore -- SERVICE --list ` +
        "shows those that there are",
    );
  if (/not found in snapshot|^path .* not found/.test(said))
    return new MoveError(`snapshot ${shortPoint(point)} of ${repository} was not made by npm run backup: ${said}`);
  if (damage.test(said))
    return new MoveError(
      `point ${shortPoint(point)} can't be read whole, because the repository at ${repository} is damaged: ${said}. ` +
        "Restore an older point; restic check --read-data says what else is damaged",
    );
  return faultOfEnd(end, repository);
}
