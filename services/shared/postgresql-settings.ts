import type { ArgumentRules, ContainerRules, ReservedVariable } from "../../model/container-settings";

/** What the config may say of a PostgreSQL server, and what it may not. */

const mebibyte = 1024 ** 2;

const made = "it counts only where the database is made, and this one may be there already";

const reserved: ReservedVariable[] = [
  { name: /^PGDATA$/, why: "the data is in that directory, and in another one the server would start empty" },
  { name: /^POSTGRES_INITDB_WALDIR$/, why: "the log of the data would lie outside of the volume and go with the pod" },
  {
    name: /^POSTGRES_PASSWORD$/,
    why: "the stack makes the password and keeps it with the data; npm run rotate gives another one",
  },
  { name: /^POSTGRES_HOST_AUTH_METHOD$/, why: "clients have to log in with a password" },
  { name: /^POSTGRES_(USER|DB|INITDB_ARGS)$/, why: made },
  {
    name: /^PG[A-Z]/,
    why: "the server, its probes and its checks read the variables of libpq; say settings of the server in args",
  },
];

/** The settings of the server that stay as they are, by name, and the values of some that are refused. */
const kept: { name: RegExp; value?: RegExp; why: string }[] = [
  {
    name: /^(data_directory|config_file|hba_file|ident_file)$/,
    why: "the data and its rules are on the volume, and elsewhere the server would start without them",
  },
  { name: /^(port|listen_addresses)$/, why: "the stack's clients, probes and policies go by it" },
  { name: /^unix_socket_/, why: "the probes, the checks and a move connect by the socket as it is" },
  { name: /^ssl(_|$)/, why: "connections are encrypted by tls: true" },
  { name: /^password_encryption$/, why: "passwords are stored as SCRAM verifiers, and clients have to log in by them" },
  {
    name: /^(fsync|full_page_writes|synchronous_commit)$/,
    value: /^(off|of|false|fals|fal|fa|f|no|n|0)$/i,
    why: "a crash would lose or break data that the server has confirmed",
  },
  { name: /^zero_damaged_pages$/, why: "it destroys the rows of a damaged page" },
  {
    // postgresql.org/docs/current/runtime-config-error-handling.html: the kernel may have dropped what it didn't write.
    name: /^data_sync_retry$/,
    why: "the server would go on after writes that the disk has refused, and take them for kept",
  },
  {
    name: /^wal_level$/,
    value: /^minimal$/i,
    why: "a move takes the data by a base backup, which needs replica or more",
  },
  { name: /^max_wal_senders$/, value: /^[01]$/, why: "a move takes the data by a base backup, which needs two" },
];

/** `-c name=value`, `-cname=value` and `--name=value`; a setting's name in an option can have dashes. */
function check(args: readonly string[]): { at: number; message: string }[] {
  const faults: { at: number; message: string }[] = [];
  for (let at = 0; at < args.length; at++) {
    const [, long, short] = /^(?:--([^=]+=[^]*)|-c([^]*))$/.exec(args[at]!) ?? [];
    const from = at;
    const text = long ?? (short === "" ? args[++at] : short);
    const [, name = "", value = ""] = /^([A-Za-z_][-A-Za-z0-9_.]*)=([^]*)$/.exec(text ?? "") ?? [];
    if (name === "") {
      faults.push({ at: from, message: `"${args[from]}" is no setting; write "-c" and then "NAME=VALUE"` });
      continue;
    }
    const setting = name.toLowerCase().replaceAll("-", "_");
    const rule = kept.find((one) => one.name.test(setting) && (one.value?.test(value.trim()) ?? true));
    if (rule)
      faults.push({ at, message: `sets ${setting}${rule.value ? ` to ${value}` : ""}, which stays: ${rule.why}` });
  }
  return faults;
}

/** The start ends with the command that becomes the server. */
const args: ArgumentRules = {
  command: ([shell = "", option = "", script = ""]) => [shell, option, `${script} "$@"`, "postgres"],
  check,
};

/**
 * Workers of a parallel query share memory there, and the runtime's 64 MiB are soon full
 * (postgresql.org/docs/current/runtime-config-resource.html, dynamic_shared_memory_type).
 */
function shm(memory: number): string | undefined {
  const quarter = Math.floor(memory / 4 / mebibyte);
  return quarter > 64 ? `${quarter}Mi` : undefined;
}

export const containerRules: ContainerRules = { reserved, extraArgs: args, shm };
