/** The steps' ids: they are identities in the state. */

export const upgradeStep = "upgrade";
export const volumeStep = (name: string) => `volume-${name}`;
export const mountStep = (path: string) => `mount${path}`;
