import { z } from "zod";
import type { ServiceConfig } from "../model/config";
import type { ClaimSpec, ServiceSpec } from "../model/service-spec";
import { count, flag, list, matching, object, text, textOr } from "./fields";
import { backupSettings } from "./backups";
import { cronFault } from "./cron";
import { generations, placement, sizeField } from "./generations";
import { acceptLibc, version } from "./engine";
import { program } from "./program";
import { resources } from "./resources";
import { podSettings } from "./settings/pod";
import { networkSettings } from "./settings/network";
import { containerShape } from "./settings/container";
import { tls } from "./tls";
import { dnsLabel, image } from "./forms";

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
  ...backupSettings,
  ...podSettings,
  ...networkSettings,
  ...containerShape,
};

const cleanup = object({
  olderThan: matching(
    /^[1-9][0-9]{0,4}d$/,
    (value) => `"${value}" is not an age; write days, for instance 30d`,
  ).describe(
    "Age in days, such as `30d`: files that came to the volume and were last changed longer ago are removed. " +
      "`npm run impact` says how many, before a new or smaller value is deployed.",
  ),
  schedule: text(cronFault, { pattern: /^(\S+\s+){4}\S+$/.source })
    .default("0 3 * * *")
    .describe("When the job runs, in cron's five fields. It runs on the mover's image."),
});

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

/** A schema costs more to make than to use, and the checks of one run read many configs. */
const schemas = new WeakMap<ServiceSpec, z.ZodType<ServiceConfig>>();

/**
 * A service with one claim has the claim's settings in its own entry. A service with several has
 * an entry for each claim.
 */
export function serviceSchema(spec: ServiceSpec): z.ZodType<ServiceConfig> {
  const kept = schemas.get(spec) ?? makeSchema(spec);
  schemas.set(spec, kept);
  return kept;
}

function makeSchema(spec: ServiceSpec): z.ZodType<ServiceConfig> {
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
