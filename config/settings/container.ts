import { Hidden, hiddenPlaces } from "../../model/hidden";
import type { VariableConfig } from "../../model/container-settings";
import { checked, count, filledList, flag, list, matching, object, record, show, text, textFault } from "../fields";
import { containerPath, dnsName, memory, relativePath } from "../forms";

const catalogues = "the catalogue's";

/** The form of a secret in a stack file. */
const sealed = {
  type: "object",
  properties: {
    secure: { type: "string", description: "The encrypted text, as `pulumi config set --secret --path` writes it." },
  },
  required: ["secure"],
};

/** A value that has to be set as a secret. `what` it is; `set`: what `pulumi config set --secret --path` is given. */
export const sealedOnly = (what: string, set: string) =>
  checked<Hidden>(sealed, (value) =>
    value instanceof Hidden
      ? undefined
      : `has to be a secret, because ${what} in plain text would be in git: pulumi config set --secret --path ${set}`,
  );

const keyForm = /^[-._a-zA-Z0-9]{1,253}$/;

/** A key of a Secret or a ConfigMap. */
const key = matching(
  keyForm,
  (value) => `"${value}" is no key of a Secret or ConfigMap; one has only letters, digits, "-", "_" and "."`,
);

const keyOf = (kind: string) => ({
  type: "object",
  properties: {
    [kind === "Secret" ? "secret" : "configMap"]: {
      type: "object",
      description: `A ${kind} that somebody else made, in the service's namespace.`,
      properties: {
        name: { type: "string", description: `Name of the ${kind}.` },
        key: { type: "string", pattern: keyForm.source, description: "The key whose value the variable has." },
      },
      required: ["name", "key"],
      additionalProperties: false,
    },
  },
  required: [kind === "Secret" ? "secret" : "configMap"],
  additionalProperties: false,
});

const forms = "write its value, { secret: { name: NAME, key: KEY } } or { configMap: { name: NAME, key: KEY } }";

/** What is wrong with a value that names a key of an object; undefined where nothing is. */
function referenceFault(value: object): string | undefined {
  const [[kind, named] = ["", undefined], ...more] = Object.entries(value) as [string, unknown][];
  if (!["secret", "configMap"].includes(kind) || more.length > 0 || typeof named !== "object" || named === null)
    return `must be text, or name a key of a Secret or ConfigMap, not ${show(value)}; ${forms}`;
  const entries = Object.entries(named);
  const [name, key] = ["name", "key"].map((field) => (named as Record<string, unknown>)[field]);
  if (entries.length !== 2 || typeof name !== "string" || typeof key !== "string")
    return `must have name and key, and nothing else, not ${show(named)}; ${forms}`;
  if (!dnsName.safeParse(name).success) return `"${name}" is no name of a Kubernetes object`;
  return keyForm.test(key) ? undefined : `"${key}" is no key of a Secret or ConfigMap`;
}

/** A variable's value. In the stack file a secret one is Pulumi's map with the encrypted text. */
const variable = checked<VariableConfig>(
  { anyOf: [{ type: "string" }, sealed, keyOf("Secret"), keyOf("ConfigMap")] },
  (value) => {
    // A secret that isn't the whole value is refused elsewhere.
    if (hiddenPlaces(value).length > 0) return undefined;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return referenceFault(value);
    return textFault(value);
  },
);

const extraVolume = object({
  path: containerPath.describe(
    "Where the container has the files: an absolute path. It is a directory, or with `subPath` a file.",
  ),
  configMap: dnsName.optional().describe("A ConfigMap of the service's namespace that somebody else made."),
  secret: dnsName.optional().describe("A Secret of the service's namespace that somebody else made."),
  items: filledList(
    object({
      key: key.describe("A key of the object."),
      path: relativePath.describe("The file's path below the mount's."),
    }),
    "leave it out for all keys",
  )
    .optional()
    .meta({ description: "Only these keys, under paths of your choice.", otherwise: "all keys, by their names" }),
  subPath: relativePath.optional().meta({
    description:
      "One key (or a path of `items`) that is mounted as the file `path`. A later change of the object reaches it " +
      "only with the next pod.",
    otherwise: "the whole directory",
  }),
  optional: flag
    .default(false)
    .describe("`true`: the pod also starts where the object, or a key of `items`, isn't there."),
});

const probes = object({
  startupSeconds: count(10, 86_400).optional().meta({
    description: "How long it may take to start, to migrate and to recover before it is started again.",
    otherwise: catalogues,
  }),
  timeoutSeconds: count(1, 300)
    .optional()
    .meta({ description: "How long it may take to answer a probe.", otherwise: catalogues }),
  livenessSeconds: count(10, 3600)
    .optional()
    .meta({ description: "How long it may go without an answer before it is started again.", otherwise: catalogues }),
});

/** What the config says of each service's container. */
export const containerShape = {
  env: record(variable)
    .optional()
    .meta({
      description:
        "More environment variables, by name. A value that is set with `--secret` stays secret. What the catalogue " +
        "needs can't be set (docs/settings.md); of your own program (`taskflow`) all can.",
      otherwise: "none",
    }),
  args: list(text())
    .optional()
    .meta({
      description:
        "More arguments of its program, after the catalogue's; PostgreSQL and Redis take them. Of your own program " +
        "(`taskflow`): all its arguments, in place of the example's.",
      otherwise: "none",
    }),
  extraVolumes: list(extraVolume)
    .default([])
    .describe("Files of ConfigMaps and Secrets in the container, read-only (docs/settings.md)."),
  shm: memory.optional().meta({
    description:
      "Size of `/dev/shm`, the memory that processes share. What is in it counts towards the memory limit, so it is " +
      "below that.",
    otherwise: "a quarter of PostgreSQL's memory limit; 64 MiB for others",
  }),
  probes: probes.optional().meta({
    description: "More patience with a service than the catalogue has. Less is refused.",
    otherwise: catalogues,
  }),
};
