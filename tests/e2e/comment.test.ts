import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Overrides } from "../../ops/pulumi/overrides";
import { useGitHub } from "./github";
import { inOrder, withoutFigures } from "./figures";
import { opsIn, useTwoStacks, withChange } from "./two-stacks";

const services = "cluster-storage:services";

/** By name of the file that has the comment's text; `exitCode`: of the check on the pull request. */
const changes: { name: string; change: Overrides; exitCode: number }[] = [
  { name: "grows", change: { [services]: { searxng: { size: "2Gi" } } }, exitCode: 0 },
  {
    name: "moves",
    change: {
      [services]: {
        redis: {
          class: "two-stacks",
          size: "2Gi",
          generation: 2,
          kept: [{ generation: 1, size: "1Gi", class: "local-path" }],
        },
      },
    },
    exitCode: 0,
  },
  { name: "would-delete", change: { [services]: { searxng: undefined } }, exitCode: 2 },
  { name: "renames-a-service", change: { [services]: { redis: { claim: "other" } } }, exitCode: 2 },
  {
    name: "touches-an-image",
    change: { [services]: { searxng: { image: { ref: "searxng:2.0.0" } } } },
    exitCode: 0,
  },
];

/**
 * The whole text of a pull request's comment, as GitHub gets it. WRITE_COMMENTS=1 writes the files anew, for who
 * changed
 * what the program makes: the diff of the files is to be read.
 */
describe("the comment on a pull request, on the real CLI and cluster", () => {
  const stacks = useTwoStacks();
  const { github, reportFile } = useGitHub();

  for (const { name, change, exitCode } of changes) {
    it(`is this text on a change that ${name.replaceAll("-", " ")}`, async () => {
      const report = reportFile(`${name}.json`);
      const preview = await withChange(stacks(), "one", change, () =>
        opsIn(stacks(), ["ci:preview", "--stack", "one", "--out", report]),
      );
      assert.equal(preview.exitCode, exitCode, preview.printed);
      const comment = await opsIn(stacks(), ["ci:comment", report, "--pull-request", "7"], github.env);
      assert.equal(comment.exitCode, 0, comment.printed);
      const text = inOrder(withoutFigures(github.comments[0]!.body!));
      const file = join(__dirname, "comments", `${name}.md`);
      if (process.env.WRITE_COMMENTS) await writeFile(file, text);
      assert.equal(text, await readFile(file, "utf8"));
    });
  }

  it("is one for the stack, whatever the pull request becomes", () => assert.equal(github.comments.length, 1));
});
