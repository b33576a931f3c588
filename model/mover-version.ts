/** The file among the mover's programs that tells them from those of another version: a hash of all the others. */
export const versionFile = "version";
