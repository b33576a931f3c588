import assert from "node:assert/strict";
import type { PullRequest } from "../../../ops/ci/github-run";
import { describePreview, type Findings } from "../../../ops/ci/comment-text";
import { folded, shorten } from "../../../ops/ci/fold";
import { exitCodeOf, judgeOutcome } from "../../../ops/ci/outcome";
import { mandatory } from "./findings";

const pull: PullRequest = { number: 7, labels: [], commit: "0123456789abcdef0123", fork: false };
const label = "accept-data-loss:dev@0123456789abcdef";

const accepted = { ...pull, labels: ["docs", label] };

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
      assert.deepEqual([exitCodeOf(outcome, false), exitCodeOf(outcome, true)], [code, withLabel]);
    });
  }
});

describe("the comment on a stack", () => {
  const findings: Findings = {
    stack: "dev",
    outcome: "at-risk",
    impact: "<!-- cluster-storage impact dev -->\n### Data impact on `dev`\n\nredis-data is deleted",
    violations: [],
    levels: { optional: [{ name: "backup-stated", level: "disabled" }], changed: [] },
    diff: "Previewing update (dev):\n@ previewing update....\n  - redis-data\n",
  };
  const here = { pullRequest: pull, commit: pull.commit, url: "https://github.test/runs/1", automated: true };

  it("is this text: the data first, the rest folded", () => {
    assert.equal(
      describePreview({ ...findings, violations: [mandatory] }, here),
      `### Data impact on \`dev\`

redis-data is deleted

To accept this, for this stack and this commit, add the label \`accept-data-loss:dev@0123456789abcdef\`:

\`\`\`bash
gh label create 'accept-data-loss:dev@0123456789abcdef'; gh pr edit 7 --add-label \
'accept-data-loss:dev@0123456789abcdef'
\`\`\`

| policy | level | resource | what is wrong |
|---|---|---|---|
| protected-claim | mandatory | PersistentVolumeClaim redis-data | is not protected \\| at all |

Not mandatory: \`backup-stated\` (disabled).

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
    describePreview({ ...findings, outcome }, { ...here, pullRequest })
      .split("\n\n")
      .slice(2, 4);
  it("says what is to be done about it", () => {
    const kept = "Policies: all mandatory ones kept. Not mandatory: `backup-stated` (disabled).";
    const unknown =
      "Policies: the preview ended before all of it was checked. Not mandatory: `backup-stated` (disabled).";
    assert.deepEqual(second("safe"), [kept, "<details><summary>The whole preview</summary>"]);
    assert.deepEqual(second("at-risk", accepted), [
      "The label `accept-data-loss:dev@0123456789abcdef` accepts this, for this stack and this commit.",
      kept,
    ]);
    assert.deepEqual(second("stopped"), ["The program refuses this update, whatever the labels say.", unknown]);
    assert.deepEqual(second("refused"), ["A policy refuses this update.", kept]);
    assert.deepEqual(second("failed"), ["The preview failed.", unknown]);
  });

  it("says which labels don't count, and why", () => {
    const labels = ["docs", "accept-data-loss", "accept-data-loss:dev@fedcba9876543210", "accept-data-loss:prod@0123"];
    assert.deepEqual(second("at-risk", { ...pull, labels }), [
      "Not accepted by `accept-data-loss`, `accept-data-loss:dev@fedcba9876543210`: not for this commit.",
      "To accept this, for this stack and this commit, add the label `accept-data-loss:dev@0123456789abcdef`:",
    ]);
  });

  it("names the policies that aren't mandatory, and those whose settings the pull request changes", () => {
    const levels: Findings["levels"] = {
      optional: [
        { name: "probes", level: "advisory" },
        { name: "backup-stated", level: "disabled" },
      ],
      changed: ["all", "protected-claim"],
    };
    const text = describePreview({ ...findings, outcome: "safe", levels }, here);
    assert.deepEqual(text.split("\n\n").slice(2, 4), [
      "Policies: all mandatory ones kept. Not mandatory: `probes` (advisory), `backup-stated` (disabled).",
      "This pull request changes the settings of `all`, `protected-claim`. They count once they are merged: it was " +
        "judged by those of the branch that it goes to.",
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
