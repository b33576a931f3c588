/**
 * A repository on a volume is served to all pods by one program: a claim is in one namespace and often on one node, and
 * restores run beside the services that they are for.
 */

/** The name of the server's Deployment and Service. */
export const servedName = "backups-repository";

/** The name of the claim that the stack makes. */
export const servedClaim = "backups";

export const servedPort = 8000;

/** The user and group that the server runs as, and that all files of the repository belong to. */
export const servedIdentity = { uid: 65532, gid: 65532 };

/** The server's name, as pods of any namespace look it up. */
export const servedHost = (namespace: string) => `${servedName}.${namespace}.svc`;
