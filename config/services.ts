import { z } from "zod";
import type { ServiceConfig } from "../model/config";
import type { ClaimSpec, ServiceSpec } from "../model/service-spec";
import { checked, count, flag, list, matching, object, show, text, textOr } from "./fields";
import { acceptLibc, version } from "./engine";
import { program } from "./program";
import { resources } from "./resources";
import { podSettings } from "./settings/pod";
import { networkSettings } from "./settings/network";
import { containerShape } from "./settings/container";
import { tls } from "./tls";
import { accessMode, className, dnsLabel, dnsName, image, size } from "./forms";

/**
 * The schema of a service's entry in the stack config, made from the service's entry in the catalogue. `otherwise` says
 * what holds when a key is left out and there is no default value to name.
 */

const catalogues = "the catalogue's";

/** What every service takes. */
export const common: z.ZodRawShape = {
  image: textOr(
    image,
    object({
      ref: image.describe("The image, pinned by a tag or a digest."),
      standIn: flag.default(false).describe("Says that another program answers in the service's place."),
    }),
  )
    .optional()
    .meta({ description: "The image, pinned by a tag other than `latest` or by a digest.", otherwise: catalogues }),
  protect: flag.optional().meta({
    description:
      "Claims, namespace and secrets are protected in Pulumi's state, and stay in the cluster when their resource is " +
      "removed.",
    otherwise: "`cluster-storage:protect`",
  }),
  run: flag
    .default(true)
    .describe("`false` removes the workload and keeps the claims, the namespace and the credentials."),
  namespace: dnsLabel.optional().meta({ description: "The namespace that it runs in.", otherwise: catalogues }),
  resources,
  graceSeconds: count(1, 86_400)
    .optional()
    .meta({ description: "How long it may take to stop, in seconds.", otherwise: catalogues }),
  uid: count(1, 65_535).optional().meta({
    description:
      "User and group that it runs as, and that its files belong to: `npm run adopt` says when it is needed.",
    otherwise: catalogues,
  }),
  reaches: list(text())
    .default([])
    .describe("Other services of the stack that it may reach, beside those that the catalogue names."),
  clients: list(dnsLabel)
    .default([])
    .describe("Namespaces whose pods may reach it, such as that of an ingress controller."),
  ...podSettings,
  ...networkSettings,
  ...containerShape,
};

const placement = {
  backend: text().optional().meta({
    description: "The backend that its volume goes to, by its name in this file. Not together with `class`.",
    otherwise: "the cluster's default class",
  }),
  class: className.optional().meta({
    description: 'The StorageClass by name, or `""` for volumes that were made by hand. Not together with `backend`.',
    otherwise: "the cluster's default class",
  }),
  accessMode: accessMode
    .default("ReadWriteOnce")
    .describe("How the volume can be mounted; the backend has to allow it."),
  node: dnsName.optional().meta({
    description:
      "The node that the volume is made on, where the backend's volumes are tied to one, such as local-path's. " +
      "Another node later is a move: `npm run move -- SERVICE --node NODE`.",
    otherwise: "the scheduler's choice",
  }),
};

const cleanup = object({
  olderThan: matching(
    /^[1-9][0-9]{0,4}d$/,
    (value) => `"${value}" is not an age; write days, for instance 30d`,
  ).describe(
    "Age in days, such as `30d`: files that came to the volume and were last changed longer ago are removed. " +
      "`npm run impact` says how many, before a new or smaller value is deployed.",
  ),
  schedule: matching(
    /^(\S+\s+){4}\S+$/,
    (value) => `"${value}" is not a schedule; write cron's five fields, for instance "0 3 * * *"`,
  )
    .default("0 3 * * *")
    .describe("When the job runs, in cron's five fields. It runs on the mover's image."),
});

const generation = count(1, 999);
const sizeField = size.describe("Size of the volume, with its unit (`10Gi`).");

const keptVolume = object({
  generation: generation.describe("Which volume of the claim it is."),
  size: sizeField,
  ...placement,
});

const source = checked<number | "none">(
  { anyOf: [{ type: "integer", minimum: 1, maximum: 999 }, { const: "none" }] },
  (value) =>
    value === "none" || generation.safeParse(value).success
      ? undefined
      : `${show(value)} is not a generation; write the number of a generation that is listed under kept, or none`,
);

/**
 * Which of a claim's volumes is in use, which others are kept, and which one the data is copied from. `npm run move`
 * writes these keys.
 */
const generations = {
  generation: generation
    .default(1)
    .describe("Which volume of the claim is in use (docs/moving.md); `npm run move` writes it."),
  kept: list(keptVolume)
    .default([])
    .describe("Earlier or later volumes of the claim, which stay declared and protected until they are released."),
  from: source.optional().meta({
    description: "The kept generation whose data is copied to the one in use, or `none`.",
    otherwise: "the newest kept one below `generation`",
  }),
};

const claimFields = {
  size: sizeField,
  ...placement,
  ...generations,
  claim: dnsLabel.optional().meta({ description: "The claim's name in the cluster.", otherwise: catalogues }),
  cleanup: cleanup.optional().meta({
    description: "A job removes files that were not changed for long, while the service runs.",
    otherwise: "no job",
  }),
};

/** A claim's settings. The user can choose the claim's name unless Kubernetes makes it. */
export function claimShape(spec: Pick<ClaimSpec, "template" | "cleanup">): z.ZodRawShape {
  const { claim, cleanup, ...always } = claimFields;
  return { ...always, ...(spec.template ? {} : { claim }), ...(spec.cleanup ? { cleanup } : {}) };
}

const rotation = count(1, 999)
  .default(1)
  .describe("How often its passwords were given, the first time included; `npm run rotate` writes it.");

/** Whether some of a service's secrets can be given anew. */
const hasChangeable = ({ secrets = [] }: Pick<ServiceSpec, "secrets">) =>
  secrets.some(({ value, unchangeable }) => value === undefined && unchangeable === undefined);

/** The settings of a service beside those of its claims. */
export const serviceShape = (
  spec: Pick<ServiceSpec, "ownProgram" | "engine" | "encrypted" | "secrets">,
): z.ZodRawShape => ({
  ...common,
  ...(spec.encrypted ? { tls } : {}),
  ...(spec.engine ? { version } : {}),
  ...(spec.engine?.sorts ? { acceptLibc } : {}),
  ...(hasChangeable(spec) ? { rotation } : {}),
  ...(spec.ownProgram ? program : {}),
});

/**
 * A service with one claim has the claim's settings in its own entry. A service with several has
 * an entry for each claim.
 */
export function serviceSchema(spec: ServiceSpec): z.ZodType<ServiceConfig> {
  const single = spec.claims.filter(({ key }) => !key);
  const keyed = spec.claims.filter(({ key }) => key);
  const entries = keyed.map((claim) => {
    const entry = object(claimShape(claim)).describe(`Its claim \`${claim.name}\`.`);
    return [claim.key, claim.optional ? entry.optional() : entry];
  });
  const shape = {
    ...serviceShape(spec),
    ...Object.assign({}, ...single.map(claimShape)),
    ...Object.fromEntries(entries),
  };
  return object(shape).transform((value) => {
    const settings = value as Record<string, unknown>;
    const claims = spec.claims.map(({ name, key }) => [name, key ? settings[key] : settings]);
    return { ...settings, claims: Object.fromEntries(claims.filter(([, claim]) => claim)) } as ServiceConfig;
  }) as unknown as z.ZodType<ServiceConfig>;
}
