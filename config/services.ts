import { z } from "zod";
import type { ServiceConfig } from "../model/config";
import type { ClaimSpec, ServiceSpec } from "../model/service-spec";
import {
  accessMode,
  className,
  count,
  cpu,
  dnsLabel,
  dnsName,
  flag,
  image,
  list,
  memory,
  object,
  size,
  textOr,
} from "./fields";

/** The schema of a service's entry in the stack config, made from what the catalogue says of it. */

const amounts = object({ cpu: cpu.optional(), memory: memory.optional() });

const common = {
  /** Upstream's pinned image unless told; `standIn` says that another program answers in its place. */
  image: textOr(image, object({ ref: image, standIn: flag.default(false) })).optional(),
  /** Whether claims, namespace and secrets are protected and kept on delete; the stack's `protect` unless told. */
  protect: flag.optional(),
  /** false takes the workload out and keeps everything that holds data. */
  run: flag.default(true),
  namespace: dnsLabel.optional(),
  resources: object({ requests: amounts.default({}), limits: amounts.default({}) }).optional(),
  /** How long it may take to stop. */
  graceSeconds: count(1, 86_400).optional(),
  /** Other services of the stack that it reaches, beside what the catalogue says. */
  reaches: list(z.string()).default([]),
  /** Namespaces whose pods may reach it, such as an ingress controller's. */
  clients: list(dnsLabel).default([]),
};

const placement = {
  backend: z.string().optional(),
  /** A class by name, "" for static volumes only; neither this nor `backend` is the cluster's default class. */
  class: className.optional(),
  accessMode: accessMode.default("ReadWriteOnce"),
  /** The node that its volume is made on, where volumes are tied to one; the scheduler's choice unless told. */
  node: dnsName.optional(),
};

const age = z.string().regex(/^[1-9][0-9]{0,4}d$/, {
  error: (issue) => `${JSON.stringify(issue.input)} is no age; write days, for instance 30d`,
});

const cleanup = object({
  /** Files that were not changed for so many days are removed. */
  olderThan: age,
  /** When, in cron's five fields. */
  schedule: z
    .string()
    .regex(/^(\S+\s+){4}\S+$/, {
      error: (issue) =>
        `${JSON.stringify(issue.input)} is no schedule; write cron's five fields, for instance "0 3 * * *"`,
    })
    .default("0 3 * * *"),
  /** Runs find; the application's own image may not have it. */
  image: image.default("busybox:1.37.0-musl"),
});

const generation = count(1, 999);

/** An earlier or later volume of a claim that stays declared, and so protected, until it is released. */
const keptVolume = object({ generation, size, ...placement });

/** Which of a claim's volumes is in use, which others are kept, and whose data it gets. */
const generations = {
  generation: generation.default(1),
  kept: list(keptVolume).default([]),
  /** The kept generation that is copied from, or `none`; the newest below `generation` unless told. */
  from: z
    .union([generation, z.literal("none")], {
      error: (issue) => `${JSON.stringify(issue.input)} is no generation; name one that is kept, or none`,
    })
    .optional(),
};

const claim = { size, ...placement, ...generations, claim: dnsLabel.optional(), cleanup: cleanup.optional() };

/** A claim's settings; its name can be told where Kubernetes doesn't make it. */
function claimShape(spec: ClaimSpec): z.ZodRawShape {
  const { claim: name, cleanup, ...always } = claim;
  return { ...always, ...(spec.template ? {} : { claim: name }), ...(spec.cleanup ? { cleanup } : {}) };
}

/** How the user's own program is run, instead of the example in the catalogue. */
const program = {
  command: list(z.string()).optional(),
  args: list(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  /** User and group that it runs as, and that its volumes belong to. */
  uid: count(1, 65_535).optional(),
  /** Where it answers; the probes ask whether it does. */
  port: count(1, 65_535).optional(),
};

/** A service with one claim has its settings at itself; one with several has an entry for each. */
export function serviceSchema(spec: ServiceSpec): z.ZodType<ServiceConfig> {
  const single = spec.claims.filter(({ key }) => !key);
  const keyed = spec.claims.filter(({ key }) => key);
  const entries = keyed.map((spec) => [
    spec.key,
    spec.optional ? object(claimShape(spec)).optional() : object(claimShape(spec)),
  ]);
  const shape = {
    ...common,
    ...(spec.ownProgram ? program : {}),
    ...Object.assign({}, ...single.map(claimShape)),
    ...Object.fromEntries(entries),
  };
  return object(shape).transform((value) => {
    const settings = value as Record<string, unknown>;
    const claims = spec.claims.map(({ name, key }) => [name, key ? settings[key] : settings]);
    return { ...settings, claims: Object.fromEntries(claims.filter(([, claim]) => claim)) } as ServiceConfig;
  }) as unknown as z.ZodType<ServiceConfig>;
}
