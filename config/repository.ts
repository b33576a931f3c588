import { bothOrNone, secret, url, user } from "./backup-forms";
import { count, matching, nonEmpty, object } from "./fields";
import { dnsLabel, dnsName, size } from "./forms";
import { restPrune, s3Prune } from "./prune";

/** `cluster-storage:backups.repository`: where the backups go, and what opens it. */

/** The places of secrets in the section, as paths in the config. */
export const backupSecrets = [
  "backups.repository.password",
  "backups.repository.formerPassword",
  "backups.repository.rest.password",
  "backups.repository.rest.prune.password",
  "backups.repository.s3.accessKeyId",
  "backups.repository.s3.secretAccessKey",
  "backups.repository.s3.prune.accessKeyId",
  "backups.repository.s3.prune.secretAccessKey",
  "backups.repository.sftp.privateKey",
];

const rest = object({
  url: url("https://backup.lan:8000/cluster").describe(
    "Address of the repository on a REST server, as rest-server or rclone has it, without user and password.",
  ),
  user: user.optional().meta({ description: "Who logs in to the server.", otherwise: "nobody" }),
  password: secret("a password", "rest.password")
    .optional()
    .meta({ description: "The user's password.", otherwise: "none" }),
  prune: restPrune
    .optional()
    .meta({ description: "What may remove points, where the rest may only add.", otherwise: "the same as the rest" }),
}).superRefine(bothOrNone);

const s3 = object({
  endpoint: url("https://s3.eu-central-1.amazonaws.com").describe("Address of the S3 server."),
  bucket: matching(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    (value) => `"${value}" is no name of a bucket; one has 3 to 63 lower-case letters, digits, "-" and "."`,
  ).describe("The bucket, which has to be there."),
  prefix: matching(
    /^[^\s/]+(\/[^\s/]+)*$/,
    (value) => `"${value}" is not a path in the bucket; write it without "/" at its beginning and end`,
  )
    .optional()
    .meta({ description: "Where in the bucket the repository is.", otherwise: "at its root" }),
  region: nonEmpty("name the region, or leave it out")
    .optional()
    .meta({ description: "The bucket's region.", otherwise: "what the server says" }),
  accessKeyId: secret("a key", "s3.accessKeyId").describe("Id of the key that may read and write there."),
  secretAccessKey: secret("a key", "s3.secretAccessKey").describe("That key."),
  prune: s3Prune
    .optional()
    .meta({ description: "What may remove points, where the rest may only add.", otherwise: "the same as the rest" }),
});

const hostKeyForm = /^([^ ]+ )?(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( .*)?$/;

const server = matching(/^[0-9A-Za-z.:-]+$/, (value) => `"${value}" is no name or address of a server; one is nas.lan`);

const sftp = object({
  host: server.describe("Name or IP address of the SSH server."),
  port: count(1, 65535).default(22).describe("Its port."),
  user: matching(/^[^\s@:/]+$/, (value) => `"${value}" is no name of a user`).describe("Who logs in there."),
  path: matching(
    /^\/?[^\s/~][^\s]*$/,
    (value) => `"${value}" is not a path there; one is /srv/backups/cluster, or backups in the user's home`,
  ).describe("Directory of the repository there; without `/` at its beginning in the user's home."),
  privateKey: secret("a private key", "sftp.privateKey", " < FILE").describe(
    "The private key by which the user logs in, without a passphrase.",
  ),
  hostKey: matching(
    hostKeyForm,
    () => "is no public key of an SSH server; it is what this prints there: cat /etc/ssh/ssh_host_ed25519_key.pub",
  ).describe(
    "The server's public key, or its line of a `known_hosts` file. No other server is believed, the first time either.",
  ),
});

const nfs = object({
  server: server.describe("Name or IP address of the NFS server, as the nodes reach it."),
  path: matching(/^\/\S*$/, (value) => `"${value}" is not an exported directory; one is /srv/backups`).describe(
    "The exported directory, which is the repository itself. The user 65532 has to be allowed to write there.",
  ),
});

const claim = object({
  size: size.describe("What the volume asks for."),
  backend: dnsLabel.optional().meta({ description: "Backend that it comes from.", otherwise: "the default class" }),
  class: dnsName.optional().meta({ description: "Class that it comes from, in place of `backend`.", otherwise: "–" }),
});

const places = ["rest", "s3", "sftp", "nfs", "claim"] as const;

/** `repository` of the section: where the backups go. */
export const repository = object({
  rest: rest.optional().meta({ description: "A REST server.", otherwise: "–" }),
  s3: s3.optional().meta({ description: "A bucket of an S3 server.", otherwise: "–" }),
  sftp: sftp.optional().meta({ description: "A directory of an SSH server.", otherwise: "–" }),
  nfs: nfs.optional().meta({ description: "A directory of an NFS server.", otherwise: "–" }),
  claim: claim.optional().meta({
    description:
      "A volume of the cluster itself, which the stack makes, for a cluster to try things on: one disk may hold both " +
      "the data and its backups.",
    otherwise: "–",
  }),
  password: secret("the repository's password", "password").describe(
    "What encrypts all backups. Without it they are lost, so keep it where the cluster's end doesn't reach.",
  ),
  formerPassword: secret("the repository's password", "formerPassword").optional().meta({
    description: "The password before, while `npm run rotate -- backups` replaces it.",
    otherwise: "none",
  }),
  ca: matching(
    /^-----BEGIN CERTIFICATE-----\s[^]*-----END CERTIFICATE-----\s*$/,
    () => "is not a certificate; write it as PEM, from -----BEGIN CERTIFICATE----- on",
  )
    .optional()
    .meta({
      description: "Certificate of the authority that the server is verified by, as PEM.",
      otherwise: "the usual ones",
    }),
}).superRefine((value, context) => {
  const named = places.filter((place) => value[place] !== undefined);
  if (named.length === 1) return;
  const message =
    named.length === 0
      ? `names no place; a repository is in one of ${places.join(", ")}`
      : `names ${named.join(" and ")}; a repository is in one place, so leave all but one out`;
  context.addIssue({ code: "custom", path: [], message });
});
