import { z } from "zod";
import type { GitHub } from "./github";
import { Refusal } from "./github";
import type { Environment, Settings } from "./github-rules";

/** GitHub answers so also where there is a rule that the token may not see. */
const hidden = [401, 403, 404];

/** What the token may read of the repository's settings. What it may not read is undefined. */
export async function readSettings(github: GitHub): Promise<Settings> {
  const [main, token, secrets, environments] = await Promise.all([
    readMain(github),
    ask(github, "actions/permissions/workflow", workflowToken),
    readSecrets(github),
    readEnvironments(github),
  ]);
  return { repository: github.repository, main, token, secrets, environments };
}

async function ask<T>(github: GitHub, path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  try {
    return shape.parse(await github.request("GET", path));
  } catch (error) {
    if (error instanceof Refusal && hidden.includes(error.status)) return undefined;
    throw error;
  }
}

const workflowToken = z
  .object({ default_workflow_permissions: z.string(), can_approve_pull_request_reviews: z.boolean() })
  .transform((said) => ({ level: said.default_workflow_permissions, approves: said.can_approve_pull_request_reviews }));

const rulesOfBranch = z.array(
  z.object({
    type: z.string(),
    ruleset_id: z.number(),
    parameters: z
      .object({
        required_approving_review_count: z.number().optional(),
        dismiss_stale_reviews_on_push: z.boolean().optional(),
        required_status_checks: z.array(z.object({ context: z.string() })).optional(),
      })
      .optional(),
  }),
);

const protection = z.object({
  required_pull_request_reviews: z
    .object({ required_approving_review_count: z.number().default(0), dismiss_stale_reviews: z.boolean() })
    .optional(),
  required_status_checks: z.object({ contexts: z.array(z.string()) }).optional(),
  allow_force_pushes: z.object({ enabled: z.boolean() }),
  allow_deletions: z.object({ enabled: z.boolean() }),
  enforce_admins: z.object({ enabled: z.boolean() }),
});

const ruleset = z.object({
  name: z.string(),
  bypass_actors: z.array(z.object({ actor_type: z.string(), actor_id: z.number().nullish() })).optional(),
});

/** Rulesets and the older branch protection both count: a part is there where one of them has it. */
async function readMain(github: GitHub): Promise<Settings["main"]> {
  const [rules, old] = await Promise.all([ask(github, "rules/branches/main", rulesOfBranch), readProtection(github)]);
  const has = (type: string) => rules?.some((rule) => rule.type === type);
  const pull = rules?.filter(({ type }) => type === "pull_request").map(({ parameters }) => parameters);
  const checks = rules?.flatMap(({ parameters }) => parameters?.required_status_checks ?? []);
  const reviews = old && (old.required_pull_request_reviews ?? { required_approving_review_count: 0 });
  const either = (...said: (boolean | undefined)[]) =>
    said.includes(true) ? true : said.includes(undefined) ? undefined : false;
  const counts = [...(pull ?? []), reviews].map((one) => one?.required_approving_review_count ?? 0);
  const approvals = Math.max(0, ...counts);
  const contexts = [...(checks ?? []).map(({ context }) => context), ...(old?.required_status_checks?.contexts ?? [])];
  const whole = rules !== undefined && old !== undefined;
  return {
    approvals: approvals > 0 || whole ? approvals : undefined,
    dismissStale: either(
      pull?.some((one) => one?.dismiss_stale_reviews_on_push),
      old && (old.required_pull_request_reviews?.dismiss_stale_reviews ?? false),
    ),
    checks: contexts.length > 0 || whole ? contexts : undefined,
    noForcePush: either(has("non_fast_forward"), old && !old.allow_force_pushes.enabled),
    noDeletion: either(has("deletion"), old && !old.allow_deletions.enabled),
    bypass: await readBypass(github, [...new Set(rules?.map(({ ruleset_id: id }) => id))], old),
  };
}

type Protection = z.infer<typeof protection>;

/** A branch without this protection and one that the token may not see differ in the message alone. */
async function readProtection(github: GitHub): Promise<Protection | undefined> {
  try {
    return protection.parse(await github.request("GET", "branches/main/protection"));
  } catch (error) {
    if (!(error instanceof Refusal) || !hidden.includes(error.status)) throw error;
    const none = { allow_force_pushes: { enabled: true }, allow_deletions: { enabled: true } };
    return /Branch not protected/.test(error.message) ? { ...none, enforce_admins: { enabled: true } } : undefined;
  }
}

async function readBypass(github: GitHub, ids: number[], old: Protection | undefined): Promise<string[] | undefined> {
  const sets = await Promise.all(ids.map((id) => ask(github, `rulesets/${id}`, ruleset)));
  if (sets.some((set) => set?.bypass_actors === undefined)) return undefined;
  if (old === undefined && ids.length === 0) return undefined;
  const actors = sets.flatMap((set) =>
    (set?.bypass_actors ?? []).map(({ actor_type: type }) => `${type} (${set?.name})`),
  );
  return [...actors, ...(old?.enforce_admins.enabled === false && ids.length === 0 ? ["administrators"] : [])];
}

const secretNames = z.object({ secrets: z.array(z.object({ name: z.string() })) });

/** Of the repository, and those of its organization that it gets. */
async function readSecrets(github: GitHub): Promise<string[] | undefined> {
  const owner = await ask(github, "", z.object({ owner: z.object({ type: z.string() }) }));
  const paths = ["actions/secrets?per_page=100", "actions/organization-secrets?per_page=100"];
  const found = await Promise.all(
    (owner?.owner.type === "User" ? paths.slice(0, 1) : paths).map((path) => ask(github, path, secretNames)),
  );
  if (found.includes(undefined)) return undefined;
  return found.flatMap((one) => (one?.secrets ?? []).map(({ name }) => name));
}

const environmentList = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      protection_rules: z
        .array(
          z.object({
            type: z.string(),
            prevent_self_review: z.boolean().optional(),
            reviewers: z.array(z.object({ type: z.string(), reviewer: z.object({ id: z.number() }) })).optional(),
          }),
        )
        .default([]),
      deployment_branch_policy: z.object({ custom_branch_policies: z.boolean() }).nullable(),
    }),
  ),
});

async function readEnvironments(github: GitHub): Promise<Map<string, Environment> | undefined> {
  const list = await ask(github, "environments?per_page=100", environmentList);
  if (list === undefined) return undefined;
  const read = list.environments.map(async ({ name, protection_rules: rules, deployment_branch_policy: policy }) => {
    const review = rules.find(({ type }) => type === "required_reviewers");
    const reviewers = (review?.reviewers ?? []).map(({ type, reviewer }) => ({ type, id: reviewer.id }));
    const branches =
      policy === null ? ("any" as const) : await readBranches(github, name, policy.custom_branch_policies);
    return [name, { reviewers, preventSelfReview: review?.prevent_self_review ?? false, branches }] as const;
  });
  return new Map(await Promise.all(read));
}

const policies = z.object({
  branch_policies: z.array(z.object({ name: z.string(), type: z.enum(["branch", "tag"]).default("branch") })),
});

/**
 * A tag called main is no branch: whoever may push it runs what it has. Without names of its own, an environment lets
 * every protected branch in, and anybody may protect one.
 */
async function readBranches(github: GitHub, name: string, custom: boolean): Promise<Environment["branches"]> {
  if (!custom) return "every protected branch";
  const path = `environments/${encodeURIComponent(name)}/deployment-branch-policies?per_page=100`;
  return (await ask(github, path, policies))?.branch_policies.map(({ type, name }) =>
    type === "tag" ? `tag ${name}` : name,
  );
}
