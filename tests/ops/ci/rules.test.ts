import assert from "node:assert/strict";
import type { Bench } from "./command";
import type { FakeGitHub } from "./fake-github";
import { eachWithGitHub } from "./hooks";
import { checks, contexts, environment, good, onlyNamed, policiesOf, reviewers } from "./rules-answers";

const kept = [
  "✓ branch main: kept",
  "✓ token of a workflow that asks for no rights: kept",
  "✓ secrets outside of the environments: kept",
  "✓ environment preview-dev: kept",
  "✓ environment read-dev: kept",
  "✓ environment drill-dev: kept",
  "✓ environment dev: kept",
  "✓ environment preview-prod: kept",
  "✓ environment read-prod: kept",
  "✓ environment drill-prod: kept",
  "✓ environment prod: kept",
];
const put = "gh api --method PUT repos/owner/notes";
const body = `'{"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}}'`;

describe("ci:rules", function () {
  this.timeout(120_000);
  let bench: Bench;
  let github: FakeGitHub;
  eachWithGitHub((made) => ({ bench, github } = made));

  /** Runs it with GitHub's answers; the lines that differ from those where everything is kept, and the last one. */
  async function rules(answers: Record<string, object | number | string> = {}) {
    Object.assign(github.answers, good(), answers);
    const { exitCode, stdout, stderr } = await bench.run(["ci:rules"], github.env);
    assert.equal(stderr, "");
    const lines = stdout.split("\n").filter((line) => line !== "" && !kept.includes(line));
    assert(github.requests.every((request) => request.startsWith("GET ")));
    return { exitCode, lines };
  }

  it("passes where all are kept", async () =>
    assert.deepEqual(await rules(), { exitCode: 0, lines: ["11 of 11 rules are kept, 0 missing, 0 not known"] }));

  it("takes the older branch protection as well", async () => {
    const old = {
      required_pull_request_reviews: { required_approving_review_count: 2, dismiss_stale_reviews: true },
      required_status_checks: { contexts: checks },
      allow_force_pushes: { enabled: false },
      allow_deletions: { enabled: false },
      enforce_admins: { enabled: true },
    };
    const { exitCode } = await rules({ "rules/branches/main": [], "branches/main/protection": old });
    assert.equal(exitCode, 0);
    const around = await rules({
      "rules/branches/main": [],
      "branches/main/protection": { ...old, enforce_admins: { enabled: false } },
    });
    assert.deepEqual(around.lines.slice(0, 2), [
      "✗ branch main: missing",
      "    some may go around the rules: administrators",
    ]);
  });

  it("says what is missing of an environment, and the commands that set it", async () => {
    const { exitCode, lines } = await rules({
      environments: {
        environments: [
          environment("preview-dev", [], null),
          environment("preview-prod", [{ ...reviewers, prevent_self_review: false }], null),
          environment("read-dev", [], { protected_branches: true, custom_branch_policies: false }),
          environment("dev", [], null),
          ...["drill-dev", "drill-prod"].map((name) => environment(name, [], onlyNamed)),
          environment("prod", [reviewers], onlyNamed),
        ],
      },
      [policiesOf("prod")]: { branch_policies: [{ name: "main" }, { name: "*" }] },
    });
    const main = (name: string) => `      gh api --method POST repos/owner/notes/${policiesOf(name)} -f name=main`;
    const approve = (people: string) =>
      `'{"reviewers":[${people}],"prevent_self_review":true,"deployment_branch_policy":`;
    const team = `{"type":"Team","id":42}`;
    assert.deepEqual(lines, [
      "✗ environment preview-dev: missing",
      "    nobody has to approve a run",
      "    people may approve runs of their own",
      `      ${put}/environments/preview-dev --input - <<< ${approve('{"type":"User","id":"ID"}')}null}'`,
      "      the ID of who approves: gh api users/LOGIN --jq .id",
      "✗ environment read-dev: missing",
      "    not main alone may use it, but: every protected branch",
      `      ${put}/environments/read-dev --input - <<< ${body}`,
      main("read-dev"),
      "✗ environment dev: missing",
      "    not main alone may use it, but: any",
      `      ${put}/environments/dev --input - <<< ${body}`,
      main("dev"),
      "✗ environment preview-prod: missing",
      "    people may approve runs of their own",
      `      ${put}/environments/preview-prod --input - <<< ${approve(team)}null}'`,
      "✗ environment read-prod: missing",
      "    there is none: the first job that uses it makes it, without rules",
      `      ${put}/environments/read-prod --input - <<< ${body}`,
      main("read-prod"),
      "✗ environment prod: missing",
      "    not main alone may use it, but: main, *",
      `      ${put}/environments/prod --input - <<< ${approve(team)}${body.slice(body.indexOf(":") + 1)}`,
      "      take * out: https://github.com/owner/notes/settings/environments",
      "5 of 11 rules are kept, 6 missing, 0 not known",
    ]);
    assert.equal(exitCode, 2);
  });

  it("takes no tag that is called main for the branch", async () => {
    const branch_policies = [{ name: "main", type: "tag" }];
    const { exitCode, lines } = await rules({ [policiesOf("prod")]: { branch_policies } });
    assert.ok(lines.includes("    not main alone may use it, but: tag main"), lines.join("\n"));
    assert.equal(exitCode, 2);
  });

  it("says what is missing elsewhere", async () => {
    const { exitCode, lines } = await rules({
      "rules/branches/main": [
        { type: "pull_request", ruleset_id: 1, parameters: { required_approving_review_count: 0 } },
        { type: "required_status_checks", ruleset_id: 1, parameters: { required_status_checks: contexts.slice(0, 2) } },
      ],
      "rulesets/1": { name: "main", bypass_actors: [{ actor_type: "RepositoryRole", actor_id: 5 }] },
      "branches/main/protection": "Branch not protected",
      "actions/permissions/workflow": { default_workflow_permissions: "write", can_approve_pull_request_reviews: true },
      "actions/secrets": { secrets: [{ name: "CI_KUBECONFIG" }] },
      "actions/organization-secrets": { secrets: [{ name: "PULUMI_ACCESS_TOKEN" }] },
    });
    assert.equal(exitCode, 2);
    assert.match(
      lines[7]!,
      /^ {6}gh api --method POST repos\/owner\/notes\/rulesets --input - <<< '\{"name":"main",.*\}'$/,
    );
    assert.deepEqual(lines.toSpliced(7, 1), [
      "✗ branch main: missing",
      "    it can be changed without an approval",
      "    an approval stays when something is pushed",
      "    these checks need not pass: Preview of prod",
      "    its history can be rewritten",
      "    it can be deleted",
      "    some may go around the rules: RepositoryRole (main)",
      "      who may go around it: https://github.com/owner/notes/settings/rules",
      "✗ token of a workflow that asks for no rights: missing",
      "    it may write",
      "    it may approve pull requests",
      `      ${put}/actions/permissions/workflow -f default_workflow_permissions=read ` +
        "-F can_approve_pull_request_reviews=false",
      "✗ secrets outside of the environments: missing",
      "    any branch's workflow gets CI_KUBECONFIG, PULUMI_ACCESS_TOKEN",
      ...["CI_KUBECONFIG", "PULUMI_ACCESS_TOKEN"].map(
        (name) => `      gh secret delete ${name} --repo owner/notes, or --org OWNER where it is the organization's`,
      ),
      "8 of 11 rules are kept, 3 missing, 0 not known",
    ]);
  });

  it("calls nothing kept that the token may not see", async () => {
    const denied = Object.fromEntries(Object.keys(good()).map((path) => [path, 403]));
    const { exitCode, lines } = await rules(denied);
    assert.equal(exitCode, 1);
    const unseen = ["dev", "prod"].flatMap((stack) => [`preview-${stack}`, `read-${stack}`, `drill-${stack}`, stack]);
    assert.deepEqual(lines, [
      "? branch main: not known",
      "    not known: whether it needs an approval",
      "    not known: whether a push takes an approval back",
      "    not known: which checks have to pass",
      "    not known: whether its history can be rewritten",
      "    not known: whether it can be deleted",
      "    not known: who may go around the rules (the token needs the right to administer the repository)",
      "? token of a workflow that asks for no rights: not known",
      "    not known: whether it may write",
      "    not known: whether it may approve pull requests",
      "? secrets outside of the environments: not known",
      "    not known: which there are (the token needs the right to read the names of secrets)",
      ...unseen.flatMap((name) => [`? environment ${name}: not known`, "    not known: its rules"]),
      "0 of 11 rules are kept, 0 missing, 11 not known",
    ]);
  });

  it("knows nothing of who goes around a ruleset whose list it can't see, nor of branches it can't see", async () => {
    const { exitCode, lines } = await rules({ "rulesets/1": { name: "main" }, [policiesOf("dev")]: 404 });
    assert.deepEqual(lines, [
      "? branch main: not known",
      "    not known: who may go around the rules (the token needs the right to administer the repository)",
      "? environment dev: not known",
      "    not known: which branches may use it",
      "9 of 11 rules are kept, 0 missing, 2 not known",
    ]);
    assert.equal(exitCode, 1);
  });

  it("says in one line that a token is missing, or what GitHub says", async () => {
    const { exitCode, stdout, stderr } = await bench.run(["ci:rules"], { ...github.env, GITHUB_TOKEN: undefined });
    assert.deepEqual([exitCode, stdout, stderr], [1, "", "GITHUB_TOKEN not set: nothing was written to GitHub"]);
  });
});
