import { UserError } from "../../model/user-error";
import { git } from "../promote/git";
import type { PullRequest } from "./github-run";

/**
 * A file of the checkout as the branch has it into which a pull request goes; "" where that branch has none. GitHub
 * checks out its trial merge: the first parent is that branch, the second one the pull request. Throws a UserError
 * where the checkout is anything else, because a file of the pull request's own would then be taken for the branch's.
 */
export async function readFromBase(file: string, { commit }: PullRequest): Promise<string> {
  const parents = await git(["rev-parse", "HEAD^1", "HEAD^2"]).catch(() => "");
  const [base, head] = parents.trim().split("\n");
  if (base === undefined || head !== commit)
    throw new UserError(
      "the branch that the pull request goes to isn't in this checkout, so its policy settings can't be read: " +
        `check out GitHub's trial merge of ${commit.slice(0, 7)}, with fetch-depth: 2 ` +
        "(.github/workflows/pull-request.yml); nothing was previewed",
    );
  const there = await git(["ls-tree", "--name-only", base, "--", file]);
  return there === "" ? "" : git(["show", `${base}:./${file}`]);
}
