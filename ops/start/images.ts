import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { cachedImage } from "../../local-cluster/images/cache";
import { ensureImages, type LocalImages } from "../../local-cluster/images/images";
import { pause } from "../../local-cluster/images/pause/image";
import { canPull, importImages, type InstanceInfo } from "../../local-cluster/instance/instance";
import { cacheDir } from "../../local-cluster/paths";
import type { Progress } from "../../local-cluster/progress";
import { ensureTools, type Tools } from "../../local-cluster/tools";
import { UserError } from "../../model/user-error";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";

/**
 * Decides whether the local cluster runs the catalogue's images or ones that are made here, and imports what it needs.
 * This is decided once for a cluster, because neither kind of image can read the data of the other. Returns the locally
 * made images; undefined where the catalogue's can be pulled.
 */
export async function chooseImages(
  info: InstanceInfo,
  tools: Tools,
  progress: Progress,
): Promise<LocalImages | undefined> {
  const pulls = (await decided(info.dir)) ?? (await probe(info, tools, progress));
  if (pulls) return undefined;
  const images = await ensureImages(localImagesOf(catalogue), tools, progress);
  await importImages(info.name, images.archives);
  return images;
}

/** The images of a local cluster that was deployed to before. Throws a UserError where none was chosen yet. */
export async function chosenImages(directory: string, progress: Progress): Promise<LocalImages | undefined> {
  const pulls = await decided(directory);
  if (pulls === undefined) throw new UserError("nothing was deployed to the local cluster yet; run npm start");
  return pulls ? undefined : ensureImages(localImagesOf(catalogue), await ensureTools(progress), progress);
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
  await writeFile(decisionFile(info.dir), `${JSON.stringify({ pulls })}\n`);
  return pulls;
}

async function decided(directory: string): Promise<boolean | undefined> {
  try {
    return (JSON.parse(await readFile(decisionFile(directory), "utf8")) as { pulls: boolean }).pulls;
  } catch {
    return undefined; // Never decided, or cut off while it was written.
  }
}

const decisionFile = (directory: string) => path.join(directory, "images.json");
