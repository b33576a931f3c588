import { z } from "zod";
import { UserError } from "../../model/user-error";

const checkStep = z.union([
  z.object({ exec: z.array(z.string()) }),
  z.object({
    http: z.object({
      method: z.string(),
      port: z.number(),
      path: z.string(),
      body: z.string().optional(),
      serverName: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      secretHeader: z
        .object({ name: z.string(), secret: z.string(), key: z.string(), prefix: z.string().optional() })
        .optional(),
    }),
  }),
]);

const volume = z.object({
  name: z.string(),
  class: z.string().nullish(),
  size: z.string(),
  generation: z.number().default(1),
  ephemeral: z.boolean().default(false),
});

const service = z.object({
  namespace: z.string(),
  kind: z.enum(["Deployment", "StatefulSet"]),
  workload: z.string(),
  /** false: the workload was taken out on purpose, and the data is kept. */
  run: z.boolean().default(true),
  claims: z.array(volume.extend({ kept: z.array(volume).default([]) })),
  image: z.string(),
  standIn: z.boolean(),
  check: z.object({
    container: z.string(),
    write: z.array(checkStep),
    read: z.array(checkStep),
    remove: z.array(checkStep).default([]),
    list: z.array(checkStep).default([]),
  }),
  /** Services of the stack that it starts on. */
  needs: z.array(z.string()).default([]),
  /** The CronJob that removes old files. */
  cleanup: z.string().optional(),
  /** The CronJob that backs it up. */
  backup: z
    .object({
      namespace: z.string(),
      cronJob: z.string(),
      schedule: z.string(),
      repository: z.string(),
      /** Which of its points stay; absent: all. */
      keep: z.string().optional(),
    })
    .optional(),
  /** The claims that it had after the last update, from the state: uids by `namespace/name`. */
  known: z.record(z.string(), z.string()).optional(),
});

const outputs = z.object({
  services: z.record(z.string(), service),
  cluster: z.object({ context: z.string().optional(), kubeconfig: z.string().optional() }).optional(),
});

/** The part of the stack's outputs that the commands need. */
export type StackOutputs = z.infer<typeof outputs>;
export type ServiceOutput = z.infer<typeof service>;
export type CheckStep = z.infer<typeof checkStep>;

/** Whether no update of the stack was carried out to its end, such as after `npm run adopt` into a new state. */
export const isIncomplete = (values: unknown): boolean =>
  typeof values === "object" && values !== null && !("services" in values);

/**
 * Reads `pulumi stack output --json`. Throws a UserError where the stack was never deployed, or was deployed by
 * something else.
 */
export function parseOutputs(values: unknown, stack: string): StackOutputs {
  const parsed = outputs.safeParse(values);
  if (parsed.success) return parsed.data;
  if (isIncomplete(values)) {
    throw new UserError(
      `stack "${stack}" has no services in its outputs: it was never deployed completely; run pulumi up`,
    );
  }
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: "unreadable" };
  throw new UserError(
    `stack "${stack}": output ${path.join(".")}: ${message}; deploy the stack with the program of this checkout: ` +
      `pulumi up`,
  );
}
