// The program by which restic reaches a repository over SFTP: what it reads goes to the server's SFTP, and what that
// says comes back. It stands for `ssh`, which this image has not, and which refuses users that have no name here. Where
// it fails it says why in one line of JSON, and ends with exit code 1.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AnyAuthMethod, Client as SshClient, ClientChannel, ConnectConfig, ParsedKey } from "ssh2";
import { sftpAddress, type SftpTarget, type SftpTrouble } from "../../model/sftp";

interface Ssh {
  Client: new () => SshClient;
  parseKey(text: string): ParsedKey | ParsedKey[] | Error;
}

const patience = 20_000;
const directory = process.env.BACKUP_REPOSITORY ?? "";
const target: SftpTarget = JSON.parse(readFileSync(join(directory, "sftp.json"), "utf8"));
const { Client, parseKey }: Ssh = createRequire(process.argv[1] ?? "")("./ssh2.cjs");
const where = sftpAddress(target);
const setting = "cluster-storage:backups.repository.sftp";

/** Ends the program. `person`: another try would say the same. */
function fail(text: string, person: boolean): never {
  const trouble: SftpTrouble = { text, person };
  process.stderr.write(`${JSON.stringify(trouble)}\n`);
  process.exit(1);
}

function keyIn(text: string, wrong: string): ParsedKey {
  const [key] = [parseKey(text)].flat();
  return key instanceof Error || !key ? fail(wrong, true) : key;
}

const causes: Record<string, string> = {
  ECONNREFUSED: "no SSH server listens there",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name can't be looked up",
  ECONNRESET: "it broke off the connection",
  ETIMEDOUT: "it doesn't answer",
};

function failConnecting(error: Error & { level?: string; code?: string }, otherKey: boolean): never {
  if (otherKey || /no matching host key/i.test(error.message))
    return fail(
      `${where} shows another host key than ${setting}.hostKey, so nothing was sent. Either the server was installed ` +
        "anew, or somebody else answers there: compare it on the server itself (cat " +
        "/etc/ssh/ssh_host_ed25519_key.pub), and only then set it",
      true,
    );
  if (error.level === "client-authentication")
    return fail(
      `${where} doesn't let the user ${target.user} in with ${setting}.privateKey; its public key has to be in the ` +
        "user's authorized_keys there",
      true,
    );
  if (error.level === "client-timeout") return fail(`${where} doesn't answer within ${patience / 1000} seconds`, false);
  return fail(`${where} can't be reached over SSH: ${causes[error.code ?? ""] ?? error.message}`, false);
}

const hostKey = keyIn(target.hostKey, `${setting}.hostKey can't be read as the public key of an SSH server`);
const privateKey = keyIn(
  readFileSync(join(directory, "sftp-key"), "utf8"),
  `${setting}.privateKey can't be read; it has to be a private key for SSH without a passphrase`,
);
// An RSA key signs by newer names than its own.
const algorithms = hostKey.type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [hostKey.type];
let otherKey = false;
const client = new Client();
client.on("error", (error) => failConnecting(error, otherKey));
client.once("close", () => fail(`${where} closed the connection`, false));
client.once("ready", () => {
  // Each answer is short, and restic waits for it.
  client.setNoDelay(true);
  client.subsys("sftp", (error: Error | undefined, channel: ClientChannel) => {
    if (error) fail(`${where} has no SFTP for the user ${target.user}: ${error.message}`, true);
    process.stdin.pipe(channel).pipe(process.stdout);
    channel.once("close", () => process.exit(0));
  });
});
const auth: AnyAuthMethod = { type: "publickey", username: target.user, key: privateKey };
const config: ConnectConfig = {
  host: target.host,
  port: target.port,
  username: target.user,
  readyTimeout: patience,
  // What it is told of a dead server comes before restic has waited for long.
  keepaliveInterval: 15_000,
  authHandler: [auth],
  algorithms: { serverHostKey: algorithms as never },
  hostVerifier: (key: Buffer) => !(otherKey = !key.equals(hostKey.getPublicSSH())),
};
client.connect(config);
