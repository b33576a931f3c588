/** What the program that reaches a repository over SFTP is given, and what it says. */

export interface SftpTarget {
  host: string;
  port: number;
  user: string;
  /** `ssh-ed25519 AAAA…`. */
  hostKey: string;
}

/** Why the server couldn't be reached; `person`: another try would say the same. */
export interface SftpTrouble {
  text: string;
  person: boolean;
}

/** The server, for people. */
export const sftpAddress = ({ host, port }: Pick<SftpTarget, "host" | "port">) =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;
