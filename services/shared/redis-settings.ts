import type { ArgumentRules, ContainerRules } from "../../model/container-settings";

/** What the config may say of a Redis server, and what it may not. */

const kept: { name: RegExp; why: string }[] = [
  { name: /^(dir|dbfilename|appenddirname|appendfilename)$/, why: "the data lies there, and Redis would start empty" },
  { name: /^(appendonly|appendfsync|no-appendfsync-on-rewrite)$/, why: "what Redis has confirmed would be lost" },
  { name: /^(save|auto-aof-rewrite-.*)$/, why: "a move sets it and puts Redis' own value back" },
  { name: /^(port|bind|unixsocket)$/, why: "the stack's clients, probes and policies go by it" },
  { name: /^tls-/, why: "connections are encrypted by tls: true" },
  {
    name: /^(requirepass|masterauth|user|aclfile|protected-mode)$/,
    why: "the stack makes the password; npm run rotate gives another one",
  },
  { name: /^(replicaof|slaveof)$/, why: "Redis would replace its data by that of another server" },
  { name: /^(cluster-.*|sentinel)$/, why: "the stack runs one server" },
  { name: /^rename-command$/, why: "the probes, the checks and a move use the commands by their names" },
  { name: /^include$/, why: "what stays could be changed in that file" },
  { name: /^(daemonize|supervised)$/, why: "the pod ends with its first process" },
];

const settings = /^--([a-z][-a-z0-9]*)$/i;

function check(args: readonly string[]): { at: number; message: string }[] {
  if (args[0] !== undefined && !args[0].startsWith("--"))
    return [{ at: 0, message: `"${args[0]}" is no setting; write "--NAME" and then its value` }];
  return args.flatMap((arg, at) => {
    if (arg === "-") return [{ at, message: `"-" is no setting; write "--NAME" and then its value` }];
    if (!arg.startsWith("--")) return [];
    const name = settings.exec(arg)?.[1]?.toLowerCase();
    if (name === undefined)
      return [{ at, message: `"${arg}" is no setting; write "--NAME" in one item and its value in the next` }];
    const rule = kept.find((one) => one.name.test(name));
    return rule ? [{ at, message: `sets ${name}, which stays: ${rule.why}` }] : [];
  });
}

/** The start reads the password from its standard input, which is the last thing on the server's line. */
const args: ArgumentRules = {
  command: ([shell = "", option = "", script = ""]) => [
    shell,
    option,
    script.replace(" <<EOF\n", () => ' "$@" <<EOF\n'),
    "redis-server",
  ],
  check,
};

export const containerRules: ContainerRules = {
  // The probes and the checks use redis-cli, which reads them.
  reserved: [{ name: /^REDISCLI_/, why: "the probes and the checks log in by it" }],
  extraArgs: args,
};
