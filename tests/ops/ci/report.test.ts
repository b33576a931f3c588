import assert from "node:assert/strict";
import type { PullRequest } from "../../../ops/ci/github-run";
import { policySettings, readViolations } from "../../../ops/ci/policies";
import { redact } from "../../../ops/ci/redact";
import { describePreview, type Findings } from "../../../ops/ci/comment-text";
import { folded, shorten } from "../../../ops/ci/fold";
import { acceptLabel, exitCodeOf, judgeOutcome } from "../../../ops/ci/outcome";
import { UserError } from "../../../model/user-error";

const pull: PullRequest = { number: 7, labels: [], fork: false };
const accepted = { ...pull, labels: ["docs", acceptLabel] };
const mandatory = {
  level: "mandatory",
  policy: "protected-claim",
  resource: "PersistentVolumeClaim redis-data",
  message: "is not protected | at all",
} as const;

describe("a preview's outcome", () => {
  const table = [
    { what: "nothing lost", impact: 0, ok: true, violations: [], outcome: "safe", code: 0, withLabel: 0 },
    { what: "something lost", impact: 2, ok: true, violations: [], outcome: "at-risk", code: 2, withLabel: 0 },
    {
      what: "something lost, which the program refuses",
      impact: 2,
      ok: false,
      violations: [],
      outcome: "stopped",
      code: 2,
      withLabel: 2,
    },
    {
      what: "a policy broken",
      impact: 0,
      ok: false,
      violations: [mandatory],
      outcome: "refused",
      code: 1,
      withLabel: 1,
    },
    {
      what: "a policy broken, and something lost",
      impact: 2,
      ok: false,
      violations: [mandatory],
      outcome: "refused",
      code: 1,
      withLabel: 1,
    },
    {
      what: "a policy's advice",
      impact: 0,
      ok: true,
      violations: [{ ...mandatory, level: "advisory" as const }],
      outcome: "safe",
      code: 0,
      withLabel: 0,
    },
    { what: "a preview that failed", impact: 0, ok: false, violations: [], outcome: "failed", code: 1, withLabel: 1 },
    { what: "an impact that failed", impact: 1, ok: true, violations: [], outcome: "failed", code: 1, withLabel: 1 },
  ] as const;
  for (const { what, impact, ok, violations, outcome, code, withLabel } of table) {
    it(`${what}: ${outcome}, ${code}, with the label ${withLabel}`, () => {
      assert.equal(judgeOutcome({ impact, ok, violations: [...violations] }), outcome);
      assert.deepEqual(
        [exitCodeOf(outcome, pull), exitCodeOf(outcome, accepted), exitCodeOf(outcome, undefined)],
        [code, withLabel, code],
      );
    });
  }
});

describe("the comment on a stack", () => {
  const findings: Findings = {
    stack: "dev",
    outcome: "at-risk",
    impact: "<!-- cluster-storage impact dev -->\n### Data impact on `dev`\n\nredis-data is deleted",
    violations: [],
    diff: "Previewing update (dev):\n@ previewing update....\n  - redis-data\n",
  };
  const here = { pullRequest: pull, commit: "0123456789abcdef", url: "https://github.test/runs/1", automated: true };

  it("is this text: the data first, the rest folded", () => {
    assert.equal(
      describePreview({ ...findings, violations: [mandatory] }, here),
      `### Data impact on \`dev\`

redis-data is deleted

To deploy this all the same, add the label \`accept-data-loss\`.

| policy | level | resource | what is wrong |
|---|---|---|---|
| protected-claim | mandatory | PersistentVolumeClaim redis-data | is not protected \\| at all |

<details><summary>The whole preview</summary>

\`\`\`text
- redis-data
\`\`\`

</details>

commit 0123456, [log](https://github.test/runs/1)
`,
    );
  });

  const second = (outcome: Findings["outcome"], pullRequest = pull) =>
    describePreview({ ...findings, outcome }, { automated: false, pullRequest })
      .split("\n\n")
      .slice(2, 4);
  it("says what is to be done about it", () => {
    assert.deepEqual(second("safe"), ["Policies: all kept.", "<details><summary>The whole preview</summary>"]);
    assert.deepEqual(second("at-risk", accepted), [
      "The label `accept-data-loss` accepts this.",
      "Policies: all kept.",
    ]);
    assert.deepEqual(second("stopped"), [
      "The program refuses this update, whatever the labels say.",
      "Policies: the preview ended before all of it was checked.",
    ]);
    assert.deepEqual(second("refused"), ["A policy refuses this update.", "Policies: all kept."]);
    assert.deepEqual(second("failed"), [
      "The preview failed.",
      "Policies: the preview ended before all of it was checked.",
    ]);
  });

  it("says so where nothing is known of the data", () => {
    assert.match(
      describePreview({ ...findings, impact: "", outcome: "failed" }, here),
      /^### Data impact on `dev`\n\n❌ not known\n\nThe preview failed\.\n/,
    );
  });

  it("calls nobody, and opens no tag, by what a policy says", () => {
    const text = describePreview(
      { ...findings, violations: [{ ...mandatory, message: "has no digest; pin it with @sha256:… <b>" }] },
      here,
    );
    assert.match(text, /\| has no digest; pin it with @\u200bsha256:… &lt;b> \|/);
  });

  it("fits into a comment however long the preview is", () => {
    const text = describePreview({ ...findings, diff: "    a line of the preview\n".repeat(10_000) }, here);
    assert(text.length < 60_000, String(text.length));
    assert.match(text, /\n {4}a line of the preview\n… and \d+ more lines: npm run ci:preview -- --stack dev\n```\n/);
  });

  it("fits into a comment however much the policies mind", () => {
    const text = describePreview(
      {
        ...findings,
        violations: Array.from({ length: 1_000 }, () => mandatory),
        impact: "a volume\n".repeat(10_000),
        diff: "a line\n".repeat(10_000),
      },
      here,
    );
    assert(text.length < 60_000, String(text.length));
    assert.equal(text.match(/\n… and \d+ more lines: npm run ci:preview -- --stack dev\n/g)?.length, 3);
  });

  it("keeps whole lines and counts the others", () =>
    assert.equal(shorten("one\ntwo\nthree\nfour", "CMD", 9), "one\ntwo\n… and 2 more lines: CMD"));

  it("is not ended by what the preview prints", () =>
    assert.equal(folded("x", "a\n````\nb").split("\n")[2], "`````text"));
});

describe("what is printed and posted", () => {
  it("has no value of a secret variable in it, nor of a kubeconfig's credentials", () => {
    const env = {
      PULUMI_ACCESS_TOKEN: "pul-0123456789",
      PULUMI_CONFIG_PASSPHRASE: "correct horse",
      CI_KUBECONFIG:
        'users:\n- user:\n    token: "eyJhbGciOi"\n    client-key-data: LS0tLS1CRUdJTg==\n    username: bot\n',
      AWS_SECRET_ACCESS_KEY: "abcdefghijkl",
    };
    const text = "pul-0123456789, correct horse, eyJhbGciOi, LS0tLS1CRUdJTg==, abcdefghijkl and bot";
    assert.equal(redact(text, env), "[secret], [secret], [secret], [secret], [secret] and bot");
  });

  it("finds a kubeconfig's credentials however it is written", () => {
    for (const text of [
      '{"users":[{"user":{"token":"eyJhbGciOi"}}]}',
      "users: [{ name: bot, user: { token: eyJhbGciOi } }]",
      "users:\n- user:\n    token: >-\n      eyJhbGciOi\n",
    ]) {
      assert.equal(redact("token eyJhbGciOi of bot", { CI_KUBECONFIG: text }), "token [secret] of bot", text);
    }
    assert.equal(redact("as it is", { CI_KUBECONFIG: "users: [" }), "as it is");
  });

  it("knows a secret that begins as a path does, a cloud's key, and the password in a backend's address", () => {
    const env = {
      PULUMI_CONFIG_PASSPHRASE: "/correct/horse",
      AZURE_STORAGE_KEY: "/azureKey==",
      PULUMI_BACKEND_URL: "postgres://pulumi:swordfish%21@db/state",
    };
    assert.equal(
      redact("/correct/horse /azureKey== postgres://pulumi:swordfish%21@db/state swordfish!", env),
      "[secret] [secret] postgres://pulumi:[secret]@db/state [secret]",
    );
    const paths = { GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json", PULUMI_BACKEND_URL: "file:///home/me/state" };
    assert.equal(redact("/home/me/key.json file:///home/me/state", paths), "/home/me/key.json file:///home/me/state");
  });

  it("keeps the longer of two of which one is part of the other from showing its rest", () => {
    assert.equal(redact("passphrase-and-more", { A_TOKEN: "passphrase", B_TOKEN: "passphrase-and-more" }), "[secret]");
  });

  it("keeps ordinary words that are a variable's value, and paths", () => {
    const env = {
      SOME_TOKEN: "true",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/home/me/passphrase",
      KUBECONFIG: "/home/me/kubeconfig",
      HOME: "/home/user/me",
    };
    const text = "true /home/me/passphrase /home/me/kubeconfig /home/user/me";
    assert.equal(redact(text, env), text);
  });
});

describe("policies in a preview's output", () => {
  it("are read with their level, resource and message", () => {
    const printed = `      kubernetes:core/v1:Namespace: (same) 🔓
    cluster-storage@v0.1.0 [advisory]  backup-stated  (kubernetes:core/v1:PersistentVolumeClaim: redis-data)A claim names its backup (or none).
PersistentVolumeClaim local-ai-system/redis-data says nothing of a backup
    ~ kubernetes:core/v1:PersistentVolumeClaim: (update)
    cluster-storage@v0.1.0 [mandatory]  protected-namespace  (kubernetes:core/v1:Namespace: taskflow)A namespace that holds data is protected.
Namespace taskflow holds claims and is not protected
error: preview failed`;
    assert.deepEqual(readViolations(printed), [
      {
        level: "advisory",
        policy: "backup-stated",
        resource: "PersistentVolumeClaim redis-data",
        message: "PersistentVolumeClaim local-ai-system/redis-data says nothing of a backup",
      },
      {
        level: "mandatory",
        policy: "protected-namespace",
        resource: "Namespace taskflow",
        message: "Namespace taskflow holds claims and is not protected",
      },
    ]);
  });
});

describe("a stack's levels", () => {
  const settingsOf = (policy: string) => policySettings(`config:\n  cluster-storage:policy: ${policy}\n`, "dev");

  it("are what its file says, as Pulumi's policy config file has it", () => {
    const settings = {
      "protected-claim": "advisory",
      "reclaim-policy": { enforcementLevel: "mandatory", others: ["Delete"] },
    };
    assert.deepEqual(settingsOf(JSON.stringify(settings)), settings);
    assert.deepEqual(policySettings("config: {}\n", "dev"), {});
    assert.deepEqual(policySettings("", "dev"), {});
  });

  it("are refused of a policy that there isn't", () => {
    assert.throws(
      () => settingsOf("{ all: advisory, probe: disabled }"),
      new UserError(
        'Pulumi.dev.yaml: cluster-storage:policy.probe: there is no policy "probe" (did you mean "probes"?) ' +
          "(docs/policies.md); nothing was previewed",
      ),
    );
  });

  it("are refused in another form", () => {
    const why =
      "is neither advisory, mandatory or disabled, nor the settings of a policy (docs/policies.md); " +
      "nothing was previewed";
    assert.throws(
      () => settingsOf("{ probes: of }"),
      new UserError(`Pulumi.dev.yaml: cluster-storage:policy.probes ${why}`),
    );
    assert.throws(() => settingsOf("[probes]"), new UserError(`Pulumi.dev.yaml: cluster-storage:policy ${why}`));
    assert.throws(
      () => settingsOf("{ probes: { enforcementLevel: loud } }"),
      new UserError(`Pulumi.dev.yaml: cluster-storage:policy.probes ${why}`),
    );
  });
});
