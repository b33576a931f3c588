export const checks = ["Types, lint, unit tests, policies", "Preview of dev", "Preview of prod"];
export const contexts = checks.map((context) => ({ context }));
export const reviewers = {
  type: "required_reviewers",
  prevent_self_review: true,
  reviewers: [{ type: "Team", reviewer: { id: 42 } }],
};
export const onlyNamed = { protected_branches: false, custom_branch_policies: true };

/** Environments that main alone may use, and nobody has to approve. */
const alone = ["read-dev", "read-prod", "drill-dev", "drill-prod", "dev"];

/** What GitHub answers for a repository that keeps every rule. */
export const good = (): Record<string, object | number | string> => ({
  "": { owner: { type: "Organization" } },
  "rules/branches/main": [
    { type: "deletion", ruleset_id: 1 },
    { type: "non_fast_forward", ruleset_id: 1 },
    {
      type: "pull_request",
      ruleset_id: 1,
      parameters: { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true },
    },
    { type: "required_status_checks", ruleset_id: 1, parameters: { required_status_checks: contexts } },
  ],
  "rulesets/1": { name: "main", bypass_actors: [] },
  "branches/main/protection": 404,
  "actions/permissions/workflow": { default_workflow_permissions: "read", can_approve_pull_request_reviews: false },
  "actions/secrets": { secrets: [{ name: "SLACK" }] },
  "actions/organization-secrets": { secrets: [] },
  environments: {
    environments: [
      ...["preview-dev", "preview-prod"].map((name) => environment(name, [reviewers], null)),
      ...alone.map((name) => environment(name, [], onlyNamed)),
      environment("prod", [reviewers, { type: "branch_policy" }], onlyNamed),
    ],
  },
  ...Object.fromEntries([...alone, "prod"].map((name) => [policiesOf(name), { branch_policies: [{ name: "main" }] }])),
});
export const environment = (name: string, protection_rules: object[], deployment_branch_policy: object | null) => ({
  name,
  protection_rules,
  deployment_branch_policy,
});
export const policiesOf = (name: string) => `environments/${name}/deployment-branch-policies`;
