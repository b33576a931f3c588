import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readWritten, type Written } from "../../model/engine-version";
import { shortPoint, type RestoreTask } from "../../model/restore";
import { judgeChange } from "../../model/version-change";
import { nameIn, type About, type Listing } from "../backup/read-manifest";
import type { Entry } from "../copy/walk";
import { codeOf, firstOf, MoveError, show } from "../faults";

/** What a point has to fit to. */
export type Checked = Pick<RestoreTask, "point" | "of" | "volume" | "service" | "namespace" | "engine">;

/**
 * The volume's name in the point. Throws where the point is another service's, doesn't have the volume, or was written
 * by another version.
 */
export function checkPoint(task: Checked, about: About): string {
  const { point, of, volume } = task;
  const whose = ownerOf(about);
  if (whose !== of)
    throw new MoveError(
      `point ${shortPoint(point)} is of ${whose}, and not of ${of}; to restore it all the same, say so: ` +
        `npm run restore -- ${task.service} --at ${shortPoint(point)} --of ${whose}`,
    );
  const name = nameIn(about, volume);
  const names = about.volumes.map((each) => each.volume);
  if (name === undefined)
    throw new MoveError(`point ${shortPoint(point)} has no volume ${volume}; it has ${names.join(", ")}`);
  const fault = engineFault(task, about.engines[name]);
  if (fault !== undefined) throw new MoveError(fault);
  return name;
}

/** `project/stack/service`, by a point's tags. */
function ownerOf({ tags }: About): string {
  const tag = (name: string) => tags.find((each) => each.startsWith(`${name}:`))?.slice(name.length + 1) ?? "?";
  return `${tag("stack")}/${tag("service")}`;
}

/** Why the service's engine can't go on with the point's files; undefined where it can, or where that isn't known. */
function engineFault({ engine, point, service, namespace }: Checked, noted: unknown): string | undefined {
  const from = readWritten(JSON.stringify(noted ?? null));
  if (!engine || !from) return undefined;
  const { rules, planned, acceptLibc: accepted } = engine;
  const place = { service, namespace, workload: service, claim: service, accepted };
  if (judgeChange(rules, from, planned, place).refused === undefined) return undefined;
  return (
    `point ${shortPoint(point)} was written by ${described(from)}, and ${described(planned)} can't go on with its ` +
    `files. To have them on a claim of their own, for a server of that version: npm run restore -- ${service} --at ` +
    `${shortPoint(point)} --into NAME (docs/versions.md)`
  );
}

const described = ({ engine, version, image, libc }: Written) =>
  `${engine}${version === undefined ? "" : ` ${version}`} (${image}${libc === undefined ? "" : `, ${libc}`})`;

/** Throws where this user can't be given what the point has: files of others, and devices. */
export function checkOwners({ point }: Pick<RestoreTask, "point">, entries: Entry[]): void {
  const [user, groups] = [process.getuid?.(), [process.getgid?.(), ...(process.getgroups?.() ?? [])]];
  const foreign = entries.filter(({ type, uid, gid }) => type === "device" || uid !== user || !groups.includes(gid));
  if (user === 0 || foreign.length === 0) return;
  const shown = firstOf(foreign.map(({ path, uid, gid }) => `${show(path)} (${uid}:${gid})`));
  throw new MoveError(
    `uid ${user} can't be given everything in point ${shortPoint(point)}: ${shown}. Its service ran as another user: ` +
      "uid of the service in the stack file has to be that user",
  );
}

const restoreThere = "restore into the stack whose state has it, or bring that state back (docs/backups.md)";

/**
 * Throws where a key that the data can't be read without isn't the one that the point was made with. `valueOf`: what
 * the service's Secret has of a key; undefined where it has none.
 */
export function checkKeys(
  { point, keys, service, namespace, fill }: Checked & Pick<RestoreTask, "keys" | "fill">,
  { digests }: Listing,
  valueOf: (key: string) => Buffer | undefined,
): void {
  const other = (keys?.names ?? []).filter((name) => {
    const [known, value] = [digests.get(`keys/${name}`), valueOf(name)];
    return known !== undefined && (!value || known !== createHash("sha256").update(value).digest("hex"));
  });
  if (other.length === 0) return;
  throw new MoveError(
    `point ${shortPoint(point)} was made with another ${other.join(" and ")} than the Secret ` +
      `${namespace}/${keys?.secret} has, and ${service} could not read its data. The stack has to have the point's ` +
      `own first: ${fill ? "npm run restore -- --all brings it, and fills the volumes" : restoreThere}`,
  );
}

/** A key of the Secret that is mounted at `directory`; undefined where it has none. */
export function mountedKey(directory: string, key: string): Buffer | undefined {
  try {
    return readFileSync(join(directory, key));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
