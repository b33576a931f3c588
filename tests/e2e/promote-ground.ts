import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Overrides } from "../../ops/pulumi/overrides";
import { changed, commit, opsIn, run, useTwoStacks, type TwoStacks } from "./two-stacks";

export const services = "cluster-storage:services";

/** What the tests do over and over to the cluster that they have. */
export function promotionGround(stacks: ReturnType<typeof useTwoStacks>) {
  const promote = (...more: string[]) => opsIn(stacks(), ["promote", "--from", "one", "--to", "two", ...more]);
  const head = () => run(stacks(), "git", "rev-parse", "--short=7", "HEAD");
  /** What has to be as it was after a refusal. */
  async function fingerprint({ directory, state }: TwoStacks): Promise<string[]> {
    const files = [
      join(directory, "Pulumi.two.yaml"),
      ...["one", "two"].map((name) => join(state, ".pulumi/stacks/cluster-storage", `${name}.json`)),
    ];
    return [
      ...(await Promise.all(files.map((file) => readFile(file, "utf8")))),
      await run(stacks(), "git", "branch", "--list"),
      await run(stacks(), "git", "rev-parse", "HEAD"),
    ];
  }
  async function refused(says: string | RegExp, exitCode = 1, ...more: string[]): Promise<void> {
    const before = await fingerprint(stacks());
    const ended = await promote("--yes", ...more);
    if (typeof says === "string") assert.ok(ended.stderr.trimEnd().endsWith(says), ended.printed);
    else assert.match(ended.printed, says);
    assert.equal(ended.exitCode, exitCode);
    assert.deepEqual(await fingerprint(stacks()), before);
  }
  const reason = (line: string) => `\none can't be promoted, so nothing was changed:\n  ${line}`;
  /** Commits a change of stack one's file, as a merged pull request does. */
  async function change(values: Overrides, message: string): Promise<void> {
    const file = join(stacks().directory, "Pulumi.one.yaml");
    await writeFile(file, changed(await readFile(file, "utf8"), values));
    await commit(stacks(), message);
  }
  async function deployedCommit(): Promise<string> {
    const history = JSON.parse(
      await run(stacks(), "pulumi", "stack", "history", "--stack", "one", "--json", "--page-size", "1"),
    ) as { environment: Record<string, string> }[];
    return history[0]!.environment["git.head"]!.slice(0, 7);
  }
  /** Says in the history that stack one is at this commit: on its own cluster that change would be refused as well. */
  async function forgeDeployment(commit: string): Promise<void> {
    const directory = join(stacks().state, ".pulumi/history/cluster-storage/one");
    const names = (await run(stacks(), "ls", directory))
      .split("\n")
      .filter((name) => name.endsWith(".history.json"))
      .sort();
    const file = join(directory, names.at(-1)!);
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/"git\.head":\s*"\w+"/, `"git.head":"${commit}"`));
  }
  return { promote, head, fingerprint, refused, reason, change, deployedCommit, forgeDeployment };
}
