/** The names in a pod that an init container fills from a claim before the service starts (a spill). */

const prefix = "bring-";

/** The init container that fills a volume, and the pod's volume with the claim that it is filled from. */
export const spillInit = (volume: string) => `${prefix}${volume}`;

/** The pod's volume with the mover's programs. */
export const spillScripts = `${prefix}scripts`;

export const isSpillInit = (container: string) => container.startsWith(prefix);
