/** The parts of an image's name. */

/** Whether an image's name begins with the host of a registry. */
export function namesRegistry(image: string): boolean {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first);
}

/** As a node writes it: `redis:8` is docker.io/library/redis:8. */
export function wholeName(image: string): string {
  if (namesRegistry(image)) return image;
  return image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
}

/** The digest at the end of an image's name, where there is one. */
export const digestIn = (image: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
