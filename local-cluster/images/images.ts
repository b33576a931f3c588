import * as path from "node:path";
import { cacheDir } from "../paths";
import type { Progress } from "../progress";
import type { Tools } from "../tools";
import { cachedImage, type CachedImage, type Recipe } from "./cache";
import { helper } from "./helper/image";
import { mover } from "./mover/image";
import { pause } from "./pause/image";
import { postgres } from "./postgres/image";
import { findProvisioner, provisioner, type Provisioner } from "./provisioner/image";
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
  mover: string;
  pause: string;
}

/**
 * The local cluster's images, made from Debian's packages and our own programs; seconds when cached.
 * Throws UserError where this machine can't make them.
 */
export async function ensureImages(tools: Tools, progress: Progress): Promise<LocalImages> {
  const directory = path.join(cacheDir(), "images");
  const env = { ...process.env, ...tools.env };
  const apt = { lists: path.join(cacheDir(), "apt-lists"), env };
  const make = (recipe: Recipe): Promise<CachedImage> =>
    cachedImage(directory, recipe, (work) => progress.step(`making the ${recipe.name} image`, work));

  // Packages come over the network while Go keeps the processor busy.
  const standIns = Object.keys(STAND_INS).map((service) => standIn(service, apt));
  const program = await findProvisioner(tools);
  const [fromPackages, ownPrograms] = await Promise.all([
    inTurn([redis(apt), postgres(apt), helper(apt), mover(apt), ...standIns], make),
    makeOwn(program, env, make),
  ]);
  const [redisImage, postgresImage, helperImage, moverImage, ...standInImages] = fromPackages;
  const [pauseImage, provisionerImage] = ownPrograms;
  const real = (made?: CachedImage): Override => ({ image: made!.image, standIn: false });
  const overrides: Record<string, Override> = {
    redis: real(redisImage),
    postgres: real(postgresImage),
    "taskflow-db": real(postgresImage),
  };
  Object.keys(STAND_INS).forEach(
    (service, index) => (overrides[service] = { image: standInImages[index]!.image, standIn: true }),
  );

  return {
    archives: [...fromPackages, ...ownPrograms].map(({ archive }) => archive),
    overrides,
    provisioner: { image: provisionerImage!.image, version: program.version },
    helper: helperImage!.image,
    mover: moverImage!.image,
    pause: pauseImage!.image,
  };
}

async function makeOwn(
  program: Provisioner,
  env: NodeJS.ProcessEnv,
  make: (recipe: Recipe) => Promise<CachedImage>,
): Promise<CachedImage[]> {
  return inTurn([pause(env), await provisioner(program)], make);
}

async function inTurn(recipes: Recipe[], make: (recipe: Recipe) => Promise<CachedImage>): Promise<CachedImage[]> {
  const made: CachedImage[] = [];
  for (const recipe of recipes) made.push(await make(recipe));
  return made;
}
