import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { LocalImage } from "../../model/local-image";
import { cacheDir } from "../paths";
import type { Progress } from "../progress";
import { ensureRestic, type Tools } from "../tools";
import { cachedImage, type CachedImage, type Recipe } from "./cache";
import type { Apt } from "./debian";
import { flowise } from "./flowise/image";
import { helper } from "./helper/image";
import { mover } from "./mover/image";
import { n8n } from "./n8n/image";
import { neo4j } from "./neo4j/image";
import { pause } from "./pause/image";
import { postgres } from "./postgres/image";
import { findProvisioner, provisioner, type Provisioner } from "./provisioner/image";
import { rclone } from "./rclone/image";
import { redis } from "./redis/image";
import { restic } from "./restic/image";
import { searxng } from "./searxng/image";
import { standIn } from "./stand-in/image";

/** An image that takes the place of a catalogue image where no registry can be reached. */
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

/** The real programs that can be made here, by the name that a service knows its recipe by. */
const recipes: Record<string, (apt: Apt) => Recipe> = {
  redis,
  "postgres-15": (apt) => postgres(apt, 15),
  "postgres-17": (apt) => postgres(apt, 17),
  rclone,
  n8n,
  flowise,
  neo4j,
  searxng,
};

/**
 * Makes the local cluster's images from Debian's packages and our own programs; takes seconds when they are cached.
 * `services`: how each service's image is made, by service. Throws UserError where this machine cannot make them.
 */
export async function ensureImages(
  services: ReadonlyMap<string, LocalImage>,
  tools: Tools,
  progress: Progress,
): Promise<LocalImages> {
  const env = { ...process.env, ...tools.env };
  const apt = aptOf(env);
  const make = maker(progress);

  // Downloading packages and compiling Go programs go on side by side: one uses the network, the other the processor.
  const made = recipesOf(services, apt);
  const program = await findProvisioner(tools);
  const [fromPackages, ownPrograms] = await Promise.all([
    inTurn([helper(apt), mover(apt), ...made.values()], make),
    makeOwn(program, env, make),
  ]);
  const [helperImage, moverImage, ...serviceImages] = fromPackages;
  const [pauseImage, provisionerImage] = ownPrograms;
  const keys = [...made.keys()];
  const imageOf = (key: string) => serviceImages[keys.indexOf(key)]!.image;
  const overrides = [...services].map(([service, local]): [string, Override] => [
    service,
    { image: imageOf(keyOf(service, local)), standIn: "standIn" in local },
  ]);

  return {
    archives: [...fromPackages, ...ownPrograms].map(({ archive }) => archive),
    overrides: Object.fromEntries(overrides),
    provisioner: { image: provisionerImage!.image, version: program.version },
    helper: helperImage!.image,
    mover: moverImage!.image,
    pause: pauseImage!.image,
  };
}

/**
 * Makes the images that come from packages, for `ensureImages` to find: building tools takes the processor and leaves
 * the network idle. Nobody waits for it: what can't be made is tried again there, and said there.
 */
export function makeAhead(services: ReadonlyMap<string, LocalImage>, progress: Progress): void {
  const apt = aptOf(process.env);
  const fromPackages = new Map([...services].filter(([, local]) => "recipe" in local));
  const recipes = [helper(apt), mover(apt), ...recipesOf(fromPackages, apt).values()];
  void inTurn(recipes, maker(progress)).catch(() => undefined);
}

/**
 * Makes the image apart from the others, because only a stack with backups needs it and restic takes minutes to build.
 */
export async function ensureResticImage(env: NodeJS.ProcessEnv, progress: Progress): Promise<CachedImage> {
  const program = await readFile(await ensureRestic(progress));
  return maker(progress)(restic(program, aptOf({ ...process.env, ...env })));
}

const aptOf = (env: NodeJS.ProcessEnv): Apt => ({ lists: path.join(cacheDir(), "apt-lists"), env });

const maker = (progress: Progress) => (recipe: Recipe) =>
  cachedImage(path.join(cacheDir(), "images"), recipe, (work) =>
    progress.step(`making the ${recipe.name} image`, work),
  );

/** Services that are made by one recipe share its image; each stand-in has an image of its own. */
const keyOf = (service: string, local: LocalImage) => ("recipe" in local ? local.recipe : `stand-in-${service}`);

/** What has to be made for the services, by the key of each image, the real programs first. */
export function recipesOf(services: ReadonlyMap<string, LocalImage>, apt: Apt): Map<string, Recipe> {
  const real = [...services.values()].flatMap((local) => ("recipe" in local ? [local.recipe] : []));
  const made = new Map(real.map((name) => [name, recipeCalled(name)(apt)]));
  for (const [service, local] of services)
    if ("standIn" in local) made.set(keyOf(service, local), standIn(service, local.standIn, apt));
  return made;
}

function recipeCalled(name: string): (apt: Apt) => Recipe {
  const recipe = recipes[name];
  if (!recipe) throw new Error(`the local cluster has no recipe "${name}"; it has ${Object.keys(recipes).join(", ")}`);
  return recipe;
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
