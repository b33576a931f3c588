import { namesRegistry, wholeName } from "./image-name";

/** Where images are got instead of their own registries: one place for all, or by the beginning of their names. */
export type Registry = string | Readonly<Record<string, string>>;

/**
 * An image that the program chose, at its mirror. One place for all has the images under the names that are written,
 * without a registry. By beginnings, the longest that fits is replaced in the whole name (docker.io/library/redis).
 */
export function mirrored(image: string, registry: Registry | undefined): string {
  if (registry === undefined) return image;
  if (typeof registry === "string") return `${registry}/${namesRegistry(image) ? withoutHost(image) : image}`;
  const whole = wholeName(image);
  const [longest] = Object.keys(registry)
    .filter((key) => whole.startsWith(key) && isEnd(key, whole.charAt(key.length)))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? image : `${registry[longest]}${whole.slice(longest.length)}`;
}

/** An image that the config names: one with a registry of its own is taken as it is. */
export const mirroredUnlessNamed = (image: string, registry: Registry | undefined): string =>
  namesRegistry(image) ? image : mirrored(image, registry);

/** Whether a beginning ends before `next`: at a part of the name, or where it names one image, at its tag or digest. */
const isEnd = (key: string, next: string) => next === "/" || (key.includes("/") && /[:@]/.test(next));

const withoutHost = (image: string) => image.slice(image.indexOf("/") + 1);
