import * as path from "node:path";
import { execa, ExecaError } from "execa";
import { UserError } from "../../model/user-error";
import { checkout } from "../pulumi/project";
import { withDirectory } from "../pulumi/scratch";

/** Files of a checkout that are never deployed. Everything else counts, so that a new folder isn't forgotten. */
const notDeployed = [
  "docs",
  "tests",
  "bench",
  "examples",
  "policy",
  ".github",
  ".ci",
  "*.md",
  "LICENSE",
  "promotion.yaml",
];

/** Runs git in the checkout and returns what it printed. Throws a UserError of one line where it fails. */
export async function git(
  args: string[],
  { input, env }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const { stdout } = await execa("git", args, { cwd: checkout, input, env });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT") throw new UserError("git is not on PATH; it is needed to compare commits");
    throw new UserError(
      `git ${args[0]}: ${String(error.stderr ?? error.shortMessage)
        .trim()
        .split("\n")
        .at(-1)}`,
    );
  }
}

/** HEAD's commit. Throws a UserError outside of a checkout. */
export const readHead = () => git(["rev-parse", "HEAD"]);

/** Files that are not committed and would be deployed to one of the stacks. */
export async function uncommittedFiles(stacks: readonly string[]): Promise<string[]> {
  // With -z git prints names as they are, separated by NUL. Otherwise it quotes names with a blank or an accent.
  const printed = await git(["status", "--porcelain", "--untracked-files=all", "--no-renames", "-z"]);
  return printed
    .split("\0")
    .filter(Boolean)
    .map((entry) => entry.slice(3))
    .filter((file) => deploysTo(file, stacks));
}

/**
 * Files that deploy to the stack and differ between a commit and HEAD. If the checkout lacks the commit,
 * the list says so.
 */
export async function changedSince(commit: string, stack: string): Promise<string[]> {
  const known = await git(["cat-file", "-e", `${commit}^{commit}`]).then(
    () => true,
    () => false,
  );
  if (!known) return [`${commit.slice(0, 7)} is not in this checkout`];
  const printed = await git(["diff", "--name-only", "--no-renames", "-z", commit, "HEAD"]);
  return printed
    .split("\0")
    .filter(Boolean)
    .filter((file) => deploysTo(file, [stack]));
}

/** Whether a file can change one of the stacks. A stack's config file can change only that stack. */
export function deploysTo(file: string, stacks: readonly string[]): boolean {
  const [, stack] = /^Pulumi\.(.+)\.yaml$/.exec(file) ?? [];
  if (stack !== undefined) return stacks.includes(stack);
  return !notDeployed.some((entry) =>
    entry.startsWith("*")
      ? file.endsWith(entry.slice(1)) && !file.includes("/")
      : file === entry || file.startsWith(`${entry}/`),
  );
}

export interface BranchCommit {
  branch: string;
  /** The path of the only changed file, from the top of the repository. */
  file: string;
  text: string;
  message: string;
}

/**
 * Puts a commit with one changed file on a new branch and switches to it. The commit is made outside of the work tree,
 * so that a kill leaves nothing half done.
 */
export async function commitOnBranch({ branch, file, text, message }: BranchCommit): Promise<void> {
  await withDirectory("index", async (scratch) => {
    const env = { GIT_INDEX_FILE: path.join(scratch, "index") };
    const blob = await git(["hash-object", "-w", "--stdin"], { input: text });
    await git(["read-tree", "HEAD"], { env });
    await git(["update-index", "--cacheinfo", `100644,${blob},${await git(["rev-parse", "--show-prefix"])}${file}`], {
      env,
    });
    const tree = await git(["write-tree"], { env });
    const commit = await git(["commit-tree", tree, "-p", "HEAD", "-F", "-"], { input: message });
    await git(["branch", branch, commit]);
    await git(["switch", "--quiet", branch]);
  });
}
