import * as path from "node:path";
import type { Progress } from "../../local-cluster/progress";
import { localConfig } from "../pulumi/local-config";
import type { Overrides } from "../pulumi/overrides";
import { devStack, stackFile } from "../pulumi/project";
import { previewText } from "../pulumi/preview";
import { prepareContext } from "../start/context";
import { deploy, update } from "../start/deploy";
import { runningLocalStack } from "../start/local";
import { withDirectory, writePrivate } from "../pulumi/scratch";
import { findTarget, type Target } from "../pulumi/target";

/** A stack whose file a command edits, and how the change is deployed. */
export interface Deployment {
  target: Target;
  /** The stack's committed config file. */
  file: string;
  /** What `npm start` lays over the committed config; undefined for a stack of the user's own. */
  overrides?: Overrides;
}

export interface DeploymentOptions {
  stack?: string;
  context?: string;
}

/** The config file of the stack that the options choose. */
const fileOf = ({ stack = devStack }: DeploymentOptions) => stackFile(stack);

/** The deployed stack that the options choose. Throws a UserError where nothing was deployed there. */
export async function findDeployment(options: DeploymentOptions, progress: Progress): Promise<Deployment> {
  const file = fileOf(options);
  if (options.stack === undefined && options.context === undefined)
    return { file, ...(await runningLocalStack(progress)) };
  const target = await findTarget(options);
  if (options.context === undefined) return { file, target };
  return { file, ...(await prepareContext(options.context, progress)) };
}

/**
 * What `pulumi preview` prints for a config that isn't in the stack's file yet. Throws a UserError where the program
 * refuses it.
 */
export async function previewOf({ target: { stack }, overrides }: Deployment, text: string): Promise<string> {
  return withDirectory("preview", async (directory) => {
    const file = path.join(directory, `Pulumi.${stack.name}.yaml`);
    writePrivate(file, overrides ? await localConfig(stack, text, overrides) : text);
    return previewText({ ...stack, configFile: file });
  });
}

/** Brings the cluster to what the stack's file says. */
export async function apply({ target, overrides }: Deployment, progress: Progress): Promise<void> {
  if (overrides) await deploy(target, overrides, progress);
  else await update(target.stack, progress);
}

/** The command that does the same, for a person. */
export function applyCommand({ target: { stack }, overrides }: Deployment, context?: string): string {
  if (!overrides) return `pulumi up -s ${stack.name}`;
  return context === undefined ? "npm start" : `npm start -- --context ${context}`;
}
