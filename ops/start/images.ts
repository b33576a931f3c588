import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { writeWhole } from "../../local-cluster/images/archive";
import { cachedImage } from "../../local-cluster/images/cache";
import { ensureImages, ensureResticImage, type LocalImages } from "../../local-cluster/images/images";
import { pause } from "../../local-cluster/images/pause/image";
import { canPull, importImages, type InstanceInfo } from "../../local-cluster/instance/instance";
import { cacheDir } from "../../local-cluster/paths";
import type { Progress } from "../../local-cluster/progress";
import { ensureTools, type Tools } from "../../local-cluster/tools";
import { UserError } from "../../model/user-error";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";
import type { Committed } from "./overrides";

/** What was decided for a cluster. */
interface Decision {
  /** The catalogue's images can be pulled. */
  pulls: boolean;
  /** Somebody asked for the real programs that take minutes to make. */
  real?: boolean;
}

/**
 * Decides whether the local cluster runs the catalogue's images or ones that are made here, and imports what it needs.
 * This is decided once for a cluster, because neither kind of image can read the data of the other. `real`: also makes
 * the programs that take minutes, now and at each later start of this cluster. Returns the locally made images;
 * undefined where the catalogue's can be pulled.
 */
export async function chooseImages(
  info: InstanceInfo,
  tools: Tools,
  progress: Progress,
  real: boolean,
): Promise<LocalImages | undefined> {
  const before = await decided(info.dir);
  const pulls = before?.pulls ?? (await probe(info, tools, progress));
  const decision = { pulls, real: real || (before?.real ?? false) };
  await writeDecision(info.dir, decision);
  if (pulls) return undefined;
  const images = await imagesFor(decision, tools, progress);
  await importImages(info.name, images.archives);
  return images;
}

/**
 * The image that the backups of the stack's config run on, imported; undefined where it has none, or where the official
 * one can be pulled.
 */
export async function resticImage(
  { name }: Pick<InstanceInfo, "name">,
  { backups }: Pick<Committed, "backups">,
  images: LocalImages | undefined,
  progress: Progress,
): Promise<string | undefined> {
  if (!backups || !images) return undefined;
  const { archive, image } = await ensureResticImage((await ensureTools(progress)).env, progress);
  await importImages(name, [archive]);
  return image;
}

const imagesFor = ({ real }: Decision, tools: Tools, progress: Progress) =>
  ensureImages(localImagesOf(catalogue, real ?? false), tools, progress);

/** The images of a local cluster that was deployed to before. Throws a UserError where none was chosen yet. */
export async function chosenImages(directory: string, progress: Progress): Promise<LocalImages | undefined> {
  const decision = await decided(directory);
  if (decision === undefined) throw new UserError("nothing was deployed to the local cluster yet; run npm start");
  return decision.pulls ? undefined : imagesFor(decision, await ensureTools(progress), progress);
}

async function probe(info: InstanceInfo, tools: Tools, progress: Progress): Promise<boolean> {
  const pulls = await progress.step("trying to pull an image from its registry", async () => {
    const environment = { ...process.env, ...tools.env };
    const sandbox = await cachedImage(path.join(cacheDir(), "images"), pause(environment), (work) => work());
    await importImages(info.name, [sandbox.archive]);
    return canPull(info);
  });
  progress.info(
    pulls
      ? "the services' own images can be pulled"
      : "no image registry can be reached: images are built on this machine, " +
          "and small programs stand in for some services",
  );
  return pulls;
}

async function decided(directory: string): Promise<Decision | undefined> {
  try {
    return JSON.parse(await readFile(decisionFile(directory), "utf8")) as Decision;
  } catch {
    return undefined; // Never decided, or cut off while it was written.
  }
}

const writeDecision = (directory: string, decision: Decision): Promise<void> =>
  writeWhole(decisionFile(directory), `${JSON.stringify(decision)}\n`);

const decisionFile = (directory: string) => path.join(directory, "images.json");
