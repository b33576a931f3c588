import type { BackupsPlan, RepositoryConfig } from "../model/backups";
import type { SftpTarget } from "../model/sftp";
import { servedPassword } from "./served-password";
import { sshLibrary, sshLibraryFile } from "./ssh-library";

/** The files that restic reads: where the repository is, with what logs in there, and its password. They are secret. */
export const repositoryFiles = ({
  repository: { rest, s3, sftp, password },
  server,
}: Pick<BackupsPlan, "repository" | "server">): Record<string, string> => ({
  password: password.reveal(),
  repository: rest
    ? restAddress(rest)
    : s3
      ? s3Address(s3)
      : sftp
        ? sftpAddress(sftp)
        : servedAddress(server, password.reveal()),
  ...(s3 && { "s3-credentials": s3Credentials(s3) }),
  ...(sftp && { "sftp.json": sftpTarget(sftp), "sftp-key": `${sftp.privateKey.reveal().trim()}\n` }),
});

/** restic's variables beside those files. */
export const repositoryVariables = ({ ca, s3, sftp }: RepositoryConfig): Record<string, string> => ({
  ...(ca !== undefined && { BACKUP_AUTHORITY: ca }),
  ...(s3?.region !== undefined && { AWS_DEFAULT_REGION: s3.region }),
  ...(sftp && { BACKUP_SFTP: "true" }),
});

/** What the pods' programs need beside their own files to reach the repository. */
export const repositoryPrograms = ({ sftp }: RepositoryConfig): Record<string, string> =>
  sftp ? { [sshLibraryFile]: sshLibrary() } : {};

type Place<Name extends keyof RepositoryConfig> = NonNullable<RepositoryConfig[Name]>;

function restAddress({ url, user, password }: Place<"rest">): string {
  const address = new URL(url);
  if (user !== undefined) address.username = encodeURIComponent(user);
  if (password) address.password = encodeURIComponent(password.reveal());
  return `rest:${address.href}`;
}

const s3Address = ({ endpoint, bucket, prefix }: Place<"s3">) =>
  `s3:${[endpoint.replace(/\/$/, ""), bucket, ...(prefix === undefined ? [] : [prefix])].join("/")}`;

const s3Credentials = ({ accessKeyId, secretAccessKey }: Place<"s3">) =>
  `[default]\naws_access_key_id = ${accessKeyId.reveal()}\naws_secret_access_key = ${secretAccessKey.reveal()}\n`;

const servedAddress = ({ host, port }: BackupsPlan["server"], password: string) =>
  `rest:http://cluster:${servedPassword(password)}@${host}:${port}/`;

/** Only its path counts: the program that stands for `ssh` reads the rest from a file of its own. */
const sftpAddress = ({ path }: Place<"sftp">) => `sftp:server:${path}`;

function sftpTarget({ host, port, user, hostKey }: Place<"sftp">): string {
  const target: SftpTarget = { host, port, user, hostKey: hostKey.replace(/^\S+ (?=(ssh|ecdsa)-\S+ )/, "") };
  return JSON.stringify(target);
}
