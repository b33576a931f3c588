import * as path from "node:path";
import { cacheDir } from "../paths";
import type { Progress } from "../progress";
import type { Tools } from "../tools";
import { cachedImage, type CachedImage, type Recipe } from "./cache";
import { helper } from "./helper/image";
import { pause } from "./pause/image";
import { postgres } from "./postgres/image";
import { provisioner, PROVISIONER_VERSION } from "./provisioner/image";
import { redis } from "./redis/image";
import { standIn } from "./stand-in/image";
import { STAND_INS } from "./stand-in/table";

/** An image that stands for a catalogue image where no registry can be reached. */
export interface Override {
  image: string;
  /** It only keeps records; false where it is the real service, built from packages. */
  standIn: boolean;
}

export interface LocalImages {
  /** Docker archives, to be imported into the local cluster. */
  archives: string[];
  /** By the image's key in the stack config. */
  overrides: Record<string, Override>;
  provisioner: { image: string; version: string };
  helper: string;
  pause: string;
}

/**
 * The local cluster's images, made from Debian's packages and our own programs; seconds when cached.
 * Throws UserError where this machine can't make them.
 */
export async function ensureImages(tools: Tools, progress: Progress): Promise<LocalImages> {
  const directory = path.join(cacheDir(), "images");
  const env = { ...process.env, ...tools.env };
  const debian = { lists: path.join(cacheDir(), "apt-lists"), env };
  const made: CachedImage[] = [];
  const make = async (recipe: Recipe): Promise<string> => {
    const cached = await cachedImage(directory, recipe, (work) => progress.step(`making the ${recipe.name} image`, work));
    made.push(cached);
    return cached.image;
  };

  const pauseImage = await make(pause(env));
  const helperImage = await make(helper(debian));
  const provisionerImage = await make(await provisioner(path.join(tools.bin, "local-path-provisioner")));
  const redisImage = await make(redis(debian));
  const postgresImage = await make(postgres(debian));
  const overrides: Record<string, Override> = {
    redis: { image: redisImage, standIn: false },
    postgres: { image: postgresImage, standIn: false },
    "taskflow-db": { image: postgresImage, standIn: false },
  };
  for (const service of Object.keys(STAND_INS)) overrides[service] = { image: await make(standIn(service, env)), standIn: true };

  return {
    archives: made.map(({ archive }) => archive),
    overrides,
    provisioner: { image: provisionerImage, version: PROVISIONER_VERSION },
    helper: helperImage,
    pause: pauseImage,
  };
}
