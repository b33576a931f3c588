import type { z } from "zod";
import { suggest } from "../model/nearest";
import { pathText } from "../model/config-path";
import { Hidden } from "../model/hidden";
import type { NodeConfig, NodeType } from "../model/node-preparation";
import type { Fault } from "../model/plan";
import { count, flag, matching, nonEmpty, object, plain, show } from "./fields";
import { nameForm } from "./forms";
import { sealedOnly } from "./settings/container";

/** The sections `cluster-storage:nodes` and `cluster-storage:nodeAccess`. */

/** `address` of every type of node. */
export const nodeAddress = matching(
  /^[0-9A-Za-z.:-]+$/,
  (value) => `"${value}" is no address; write an IP address or a host's name`,
)
  .optional()
  .meta({ description: "Where the node is reached.", otherwise: "its `InternalIP` in the cluster" });

/** A value that has to be set as a secret. `what` it is, and its `key` in the section. */
const secret = (what: string, key: string) => sealedOnly(what, `cluster-storage:nodeAccess.${key} < FILE`);

const talosAccess = object({
  configFile: nonEmpty("name the talosconfig's path").optional().meta({
    description: "Path of the talosconfig; `~` is the home directory.",
    otherwise: "`TALOSCONFIG`, else `~/.talos/config`",
  }),
  config: secret("a talosconfig", "talos.config")
    .optional()
    .describe("The whole talosconfig, set with `pulumi config set --secret --path`, in place of `configFile`."),
  context: nonEmpty("name a context of the talosconfig")
    .optional()
    .meta({ description: "Context of the talosconfig.", otherwise: "its current one" }),
});

const sshAccess = object({
  user: matching(/^[a-z_][a-z0-9_.-]*$/, (value) => `"${value}" is no name of a user`)
    .default("root")
    .describe("User on the nodes. Any other than `root` has to be allowed `sudo` without a password."),
  port: count(1, 65535).default(22).describe("Port of the nodes' SSH servers."),
  privateKeyFile: nonEmpty("name the private key's path")
    .optional()
    .meta({ description: "Path of the private key; `~` is the home directory.", otherwise: "the agent's keys" }),
  privateKey: secret("a private key", "ssh.privateKey")
    .optional()
    .describe("The private key, set with `pulumi config set --secret --path`, in place of `privateKeyFile`."),
  agent: flag.default(false).describe("The keys of the SSH agent (`SSH_AUTH_SOCK`) are used, in place of a key."),
});

/** The section `cluster-storage:nodeAccess`. */
export const nodeAccessSchema = object({
  talos: talosAccess
    .prefault({})
    .superRefine(oneOf("configFile", "config"))
    .meta({ description: "How talosctl reaches nodes of type `talos`.", otherwise: "as talosctl does" }),
  ssh: sshAccess
    .prefault({})
    .superRefine(oneOf("privateKeyFile", "privateKey"))
    .meta({ description: "How nodes of type `linux` are reached.", otherwise: "none" }),
});

/** A rule that refuses the second of two keys that exclude each other. */
function oneOf<Key extends string>(first: Key, second: Key) {
  return (value: Partial<Record<Key, unknown>>, context: z.core.$RefinementCtx) => {
    if (value[first] !== undefined && value[second] !== undefined)
      context.addIssue({ code: "custom", path: [second], message: `and ${first} exclude each other; leave one out` });
  };
}

type Read = <T>(schema: z.ZodType<T>, path: PropertyKey[], value: unknown) => T | undefined;

/** Every entry of `cluster-storage:nodes` that can be understood, by the node's name. */
export function readNodes(
  read: Read,
  faults: Fault[],
  value: unknown,
  types: ReadonlyMap<string, NodeType>,
): Map<string, NodeConfig> {
  const nodes = new Map<string, NodeConfig>();
  if (value === undefined || value instanceof Hidden) return nodes;
  if (!value || typeof value !== "object" || Array.isArray(value)) {
    faults.push({ path: "nodes", message: `must be an object with an entry for each node, not ${show(value)}` });
    return nodes;
  }
  for (const [name, entry] of Object.entries(value)) {
    const path = ["nodes", name];
    const named = (entry as { type?: unknown } | null)?.type;
    if (entry instanceof Hidden || named instanceof Hidden) continue;
    const type = types.get(plain(named));
    if (!nameForm.test(name)) faults.push({ path: pathText(path), message: `"${name}" can't be the name of a node` });
    else if (!type)
      faults.push({
        path: pathText([...path, "type"]),
        message:
          named === undefined
            ? `is missing; ${suggest("", types.keys())}`
            : `unknown type of node ${show(named)}; ${suggest(plain(named), types.keys())}`,
      });
    else {
      const settings = read(type.schema, path, entry);
      if (settings === undefined) continue;
      const { address } = settings as { address?: string };
      nodes.set(name, { type: type.type, ...(address !== undefined && { address }), settings });
    }
  }
  return nodes;
}
