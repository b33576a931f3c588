import { inspectedPrefix, type Inspected, type InspectTask } from "../../model/backup";
import { distinct } from "../copy/walk";
import { checkKeys, checkOwners, checkPoint } from "../restore/fit";
import { openPoint } from "../restore/open-point";
import type { BackupContext } from "./context";
import { volumeIn } from "./read-manifest";
import { readKeys } from "./take-out";

/** Prints what a point has of the service's volumes. Throws where it can't be restored to them. Nothing is changed. */
export async function inspectPoint(context: BackupContext, wanted: InspectTask): Promise<void> {
  const { task, log, work, patience, signal } = context;
  const { point, of, engine, volumes, keys } = wanted;
  const { service, namespace, repository } = task;
  const listing = await openPoint({ point, repository }, { work, patience, signal });
  const checked = { point, of, service, namespace, ...(engine && { engine }) };
  const found = volumes.map((volume) => {
    const { entries } = volumeIn(listing, checkPoint({ ...checked, volume }, listing.about));
    checkOwners(checked, entries);
    const files = distinct(entries);
    return {
      volume,
      files: files.filter(({ type }) => type === "file").length,
      bytes: files.reduce((sum, { disk }) => sum + disk, 0),
    };
  });
  if (task.keys !== undefined && keys.length > 0) {
    const has = await readKeys(context);
    const told = { secret: task.keys, directory: "", names: keys };
    checkKeys({ ...checked, volume: "", keys: told }, listing, (key) => has[key]);
  }
  const inspected: Inspected = { at: listing.about.at, volumes: found };
  log(`${inspectedPrefix}${JSON.stringify(inspected)}`);
}
