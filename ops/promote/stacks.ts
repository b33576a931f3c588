import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";
import { checkout, devStack, projectName, stackFile } from "../pulumi/project";
import { findTarget, type Target } from "../pulumi/target";
import { configOf } from "./carry";

/** A stack's config file, as a promotion reads it. */
export interface StackFile {
  name: string;
  project: string;
  yaml: string;
}

/**
 * Reads the file of NAME, PROJECT/NAME or ORGANIZATION/PROJECT/NAME. Throws a UserError if the stack is another
 * project's or has no file.
 */
export async function readStackFile(option: string): Promise<StackFile> {
  const [name = "", of] = option.split("/").reverse();
  const project = await projectName();
  if (of !== undefined && of !== project)
    throw new UserError(
      `stack "${option}" is of project ${of}, and this is ${project}: ` +
        "stacks of different projects can't be promoted into each other",
    );
  if (!existsSync(stackFile(name))) {
    const known = (await readdir(checkout)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    throw new UserError(
      `there is no Pulumi.${name}.yaml: no stack "${name}" in this ` +
        `checkout${didYouMean(name, known) || `; it has ${known.sort().join(", ")}`}`,
    );
  }
  const yaml = await readFile(stackFile(name), "utf8");
  const others = Object.keys(configOf(yaml, project)).flatMap((key) => /^(?!pulumi:)(.+?):/.exec(key)?.[1] ?? []);
  if (others.length > 0)
    throw new UserError(
      `Pulumi.${name}.yaml is of project ${others[0]}, and this is ${project}: ` +
        "stacks of different projects can't be promoted into each other",
    );
  return { name, project, yaml };
}

/**
 * The stack of the user's login. Without a login, the dev stack that npm start deployed to the local cluster is meant.
 */
export async function promotedFrom(name: string): Promise<Target> {
  return name === devStack && !hasLogin() ? findTarget({}) : findTarget({ stack: name });
}

function hasLogin(): boolean {
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN, PULUMI_HOME = path.join(homedir(), ".pulumi") } = process.env;
  return Boolean(PULUMI_BACKEND_URL || PULUMI_ACCESS_TOKEN) || existsSync(path.join(PULUMI_HOME, "credentials.json"));
}
