/** What a repository's settings say, as far as the token may read them. `undefined`: the token may not. */
export interface Settings {
  repository: string;
  main: {
    /** Approvals that a pull request needs; 0 where none is needed. */
    approvals?: number;
    /** Whether a push takes an approval back. */
    dismissStale?: boolean;
    checks?: string[];
    noForcePush?: boolean;
    noDeletion?: boolean;
    /** Who may go around all that. */
    bypass?: string[];
  };
  /** What a workflow's token may do where the workflow doesn't say it. */
  token?: { level: string; approves: boolean };
  /** The names of the secrets that every branch's workflows get. */
  secrets?: string[];
  environments?: Map<string, Environment>;
}

export interface Environment {
  reviewers: { type: string; id: number }[];
  preventSelfReview: boolean;
  /** The branches that may use it; undefined where the token may not read them. */
  branches?: string[] | "any" | "every protected branch";
}

/** The stacks, and the names of the checks, that the rules are about. */
export interface Wanted {
  stacks: readonly string[];
  /** The stacks that are deployed after another one. */
  approved: readonly string[];
  checks: readonly string[];
}

export interface Finding {
  /** What the rule is about. */
  about: string;
  status: "kept" | "missing" | "not known";
  /** What is missing or can't be seen; empty where the rule is kept. */
  why: string[];
  /** Commands, or a page of the settings, that set it. */
  how: string[];
}

/** The names that a stack's job gets from its environment. Elsewhere every branch's workflow could read them. */
const ours = ["CI_KUBECONFIG", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"];

/** Judges a repository's settings by what keeps other people's branches from the stacks' secrets. Pure. */
export function judgeSettings(settings: Settings, wanted: Wanted): Finding[] {
  const environments = wanted.stacks.flatMap((stack) => [
    judgeEnvironment(settings, `preview-${stack}`, { reviewers: true, main: false }),
    ...["read", "drill"].map((use) => judgeEnvironment(settings, `${use}-${stack}`, { reviewers: false, main: true })),
    judgeEnvironment(settings, stack, { reviewers: wanted.approved.includes(stack), main: true }),
  ]);
  return [judgeMain(settings, wanted.checks), judgeToken(settings), judgeSecrets(settings), ...environments];
}

type Part = [value: boolean | undefined, missing: string, unseen: string];

/** A rule is missing where one part is, and kept only where every part was seen. */
function finding(about: string, parts: Part[], how: string[]): Finding {
  const missing = parts.flatMap(([value, text]) => (value === false ? [text] : []));
  const unseen = parts.flatMap(([value, , text]) => (value === undefined ? [`not known: ${text}`] : []));
  const status = missing.length > 0 ? "missing" : unseen.length > 0 ? "not known" : "kept";
  return { about, status, why: [...missing, ...unseen], how: status === "missing" ? how : [] };
}

/** `undefined` stays undefined: what can't be seen is neither there nor absent. */
const seen = <T>(value: T | undefined, holds: (value: T) => boolean) =>
  value === undefined ? undefined : holds(value);

function judgeMain({ repository, main }: Settings, checks: readonly string[]): Finding {
  const absent = checks.filter((check) => !main.checks?.includes(check));
  const rules = {
    name: "main",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/heads/main"], exclude: [] } },
    rules: [
      { type: "deletion" },
      { type: "non_fast_forward" },
      { type: "pull_request", parameters: pullRequestRule },
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: checks.map((context) => ({ context })),
        },
      },
    ],
  };
  return finding(
    "branch main",
    [
      [
        seen(main.approvals, (count) => count > 0),
        "it can be changed without an approval",
        "whether it needs an approval",
      ],
      [main.dismissStale, "an approval stays when something is pushed", "whether a push takes an approval back"],
      [
        seen(main.checks, () => absent.length === 0),
        `these checks need not pass: ${absent.join(", ")}`,
        "which checks have to pass",
      ],
      [main.noForcePush, "its history can be rewritten", "whether its history can be rewritten"],
      [main.noDeletion, "it can be deleted", "whether it can be deleted"],
      [
        seen(main.bypass, ({ length }) => length === 0),
        `some may go around the rules: ${main.bypass?.join(", ")}`,
        "who may go around the rules (the token needs the right to administer the repository)",
      ],
    ],
    [
      `gh api --method POST repos/${repository}/rulesets --input - <<< '${JSON.stringify(rules)}'`,
      `who may go around it: https://github.com/${repository}/settings/rules`,
    ],
  );
}

const pullRequestRule = {
  required_approving_review_count: 1,
  dismiss_stale_reviews_on_push: true,
  require_code_owner_review: false,
  require_last_push_approval: true,
  required_review_thread_resolution: false,
};

const judgeToken = ({ repository, token }: Settings): Finding =>
  finding(
    "token of a workflow that asks for no rights",
    [
      [seen(token, ({ level }) => level === "read"), "it may write", "whether it may write"],
      [
        seen(token, ({ approves }) => !approves),
        "it may approve pull requests",
        "whether it may approve pull requests",
      ],
    ],
    [
      `gh api --method PUT repos/${repository}/actions/permissions/workflow -f default_workflow_permissions=read ` +
        "-F can_approve_pull_request_reviews=false",
    ],
  );

function judgeSecrets({ repository, secrets }: Settings): Finding {
  const found = (secrets ?? []).filter((name) => ours.includes(name));
  return finding(
    "secrets outside of the environments",
    [
      [
        seen(secrets, () => found.length === 0),
        `any branch's workflow gets ${found.join(", ")}`,
        "which there are (the token needs the right to read the names of secrets)",
      ],
    ],
    found.map((name) => `gh secret delete ${name} --repo ${repository}, or --org OWNER where it is the organization's`),
  );
}

function judgeEnvironment(
  { repository, environments }: Settings,
  name: string,
  { reviewers, main }: { reviewers: boolean; main: boolean },
): Finding {
  const found = environments?.get(name);
  const exists = environments && found !== undefined;
  const named = Array.isArray(found?.branches) ? found.branches : [];
  const letIn = Array.isArray(found?.branches) ? named.join(", ") || "none" : found?.branches;
  const is = (holds: (found: Environment) => boolean | undefined) => (found ? holds(found) : undefined);
  const parts: Part[] = [[exists, "there is none: the first job that uses it makes it, without rules", "its rules"]];
  if (exists && reviewers)
    parts.push(
      [is(({ reviewers }) => reviewers.length > 0), "nobody has to approve a run", ""],
      [is(({ preventSelfReview }) => preventSelfReview), "people may approve runs of their own", ""],
    );
  if (exists && main)
    parts.push([
      is(({ branches }) => seen(branches, () => named.length === 1 && named[0] === "main")),
      `not main alone may use it, but: ${letIn}`,
      "which branches may use it",
    ]);
  const people = found && found.reviewers.length > 0 ? found.reviewers : [{ type: "User", id: "ID" }];
  const body = {
    ...(reviewers && { reviewers: people, prevent_self_review: true }),
    deployment_branch_policy: main ? { protected_branches: false, custom_branch_policies: true } : null,
  };
  const url = `repos/${repository}/environments/${name}`;
  const others = named.filter((branch) => branch !== "main");
  return finding(`environment ${name}`, parts, [
    `gh api --method PUT ${url} --input - <<< '${JSON.stringify(body)}'`,
    ...(reviewers && people[0]?.id === "ID" ? ["the ID of who approves: gh api users/LOGIN --jq .id"] : []),
    ...(main && !named.includes("main") ? [`gh api --method POST ${url}/deployment-branch-policies -f name=main`] : []),
    ...(others.length > 0
      ? [`take ${others.join(", ")} out: https://github.com/${repository}/settings/environments`]
      : []),
  ]);
}
