import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { assertReachable } from "../../kube/client";
import type { Progress } from "../../local-cluster/progress";
import { UserError } from "../../model/user-error";
import { readStack } from "../move/batch";
import { carryOutEdit } from "../move/carry-out";
import { apply, findDeployment, type DeploymentOptions } from "../move/deployment";
import { editMap, readMap } from "../move/edit";
import { replaceStackFile } from "../move/file";
import { devStack } from "../pulumi/project";
import { withDirectory, writePrivate } from "../pulumi/scratch";
import { pulumi, type Stack } from "../pulumi/stack";
import { awaitEarlierPods, runWithPasswords, type Passwords } from "./repository-job";

/** The operand that means the password of the backups' repository. */
export const repositoryOperand = "backups";

const place = (key: string) => `cluster-storage:backups.repository.${key}`;

/**
 * Gives the backups' repository another password: the new one is added and proved, then the stack is given it, and only
 * then the old one is taken out and proved dead. A rotation that was cut off is finished first.
 */
export async function rotateRepository(
  options: DeploymentOptions & { yes?: boolean },
  progress: Progress,
): Promise<void> {
  const { text, owner, planned } = await readStack(options.stack ?? devStack);
  const { backups } = planned.plan;
  if (!backups)
    throw new UserError("this stack has no backups: say in cluster-storage:backups where they go (docs/backups.md)");
  const deployment = await findDeployment(options, progress);
  const { stack } = deployment.target;
  const kube = deployment.target.connect();
  await assertReachable(kube);
  const section = ["config", `${owner.project}:backups`, "repository"];
  const before = await passwordsOf(stack, deployment.file, text, section);
  const goesOn = before.former !== undefined;
  const passwords: Passwords = goesOn
    ? { next: before.password, former: before.former! }
    : { next: randomBytes(32).toString("base64url"), former: before.password };
  const after = goesOn ? text : await withPasswords(stack, text, section, passwords);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const run = async (act: "add-password" | "retire-password") => {
    const failed = await runWithPasswords(kube, backups.namespace, act, passwords, say);
    if (failed !== undefined) throw new UserError(failed);
  };
  await carryOutEdit(
    deployment,
    { before: text, after },
    {
      notes: [
        goesOn
          ? "The last rotation isn't finished. It goes on; no further password is given."
          : `The repository at ${backups.address} gets a new password beside the old one, then the stack gets it, ` +
            "and then the old one is taken out. Backups go on meanwhile.",
        "The key that encrypts the data stays the same: whoever has had the old password and the files can read what " +
          'is in them still. After a leak: docs/backups.md, "After a leak".',
      ],
      question: goesOn ? "Finish the rotation of the repository's password?" : "Give the repository another password?",
      first: () => run("add-password"),
    },
    options,
    progress,
  );
  await awaitEarlierPods(kube, say);
  await run("retire-password");
  const done = editMap(after, section, { formerPassword: undefined });
  if (!(await replaceStackFile(deployment.file, after, done)))
    throw new UserError(
      `The old password is dead, but ${deployment.file} was changed by somebody else meanwhile, and still has ` +
        "formerPassword in cluster-storage:backups.repository: take that line out",
    );
  // Only its server is told of the old one.
  if (backups.served) await apply(deployment, progress);
  say(
    "the repository has the new password alone. Keep it where the cluster's end doesn't reach: pulumi config get " +
      `--path '${place("password")}'${options.stack === undefined ? "" : ` --stack ${options.stack}`}`,
  );
}

/** Reads what the stack file has, decrypted. Throws a UserError where it has no password of its own. */
async function passwordsOf(
  stack: Stack,
  file: string,
  text: string,
  section: string[],
): Promise<{ password: string; former?: string }> {
  const written = readMap(text, section) as Record<string, unknown>;
  const at = ["--stack", stack.name, "--config-file", file];
  const read = (key: string) => pulumi(stack, ["config", "get", "--path", place(key), ...at]);
  const value = async (key: string) => (await read(key)).replace(/\n$/, "");
  if (written.password === undefined)
    throw new UserError(`the stack file has no ${place("password")}, so no other one can be written in its place`);
  const password = await value("password");
  return written.formerPassword === undefined ? { password } : { password, former: await value("formerPassword") };
}

/** The stack file with both passwords, encrypted for its stack. Each other character stays. */
function withPasswords(stack: Stack, text: string, section: string[], { next, former }: Passwords): Promise<string> {
  return withDirectory("rotate", async (directory) => {
    const file = path.join(directory, `Pulumi.${stack.name}.yaml`);
    writePrivate(file, text);
    const at = ["--stack", stack.name, "--config-file", file];
    for (const [key, value] of [
      ["password", next],
      ["formerPassword", former],
    ] as const)
      await pulumi(stack, ["config", "set", "--secret", "--path", place(key), ...at], { input: value });
    const { password, formerPassword } = readMap(await readFile(file, "utf8"), section) as Record<string, object>;
    return editMap(text, section, { password, formerPassword });
  });
}
