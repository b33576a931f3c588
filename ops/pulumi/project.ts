import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { parse, parseDocument } from "yaml";
import { asPulumiReads, readStackYaml } from "../../config/stack-yaml";
import { z } from "zod";
import { UserError } from "../../model/user-error";

/** The checkout: the program's directory. */
export const checkout = path.resolve(__dirname, "../..");

/** The stack that `npm start` deploys. */
export const devStack = "dev";

/** The project's name from Pulumi.yaml. */
export async function projectName(): Promise<string> {
  return z.object({ name: z.string() }).parse(parse(await readFile(path.join(checkout, "Pulumi.yaml"), "utf8"))).name;
}

/**
 * A stack's config file. It is in the checkout, or in the directory that CLUSTER_STORAGE_STACKS names: tests set that,
 * because they edit the file.
 */
export const stackFile = (stack: string) =>
  path.join(process.env.CLUSTER_STORAGE_STACKS ?? checkout, `Pulumi.${stack}.yaml`);

/** The committed config of a stack. Throws a UserError where there is none, and where it is no YAML. */
export async function readStackConfig(stack: string): Promise<string> {
  const text = await readFile(stackFile(stack), "utf8").catch(() => {
    throw new UserError(`there is no Pulumi.${stack}.yaml: no stack "${stack}" in this checkout`);
  });
  const [slip] = parseDocument(text, asPulumiReads).errors;
  if (!slip) return text;
  const [what = ""] = slip.message.split(/ at line \d+|\n/);
  throw new UserError(`Pulumi.${stack}.yaml, line ${slip.linePos?.[0].line ?? 1}: ${what}. Nothing was changed.`);
}

const cluster = z.object({ context: z.string(), kubeconfig: z.string().optional() });

/**
 * Which cluster a stack's config names. A relative kubeconfig path is relative to the program's directory; `~` is the
 * home directory. The keys of a stack's config begin with the project's name.
 */
export function clusterOf(yaml: string, stack: string, project: string): { context: string; kubeconfig?: string } {
  const key = `${project}:cluster`;
  const parsed = z.object({ config: z.object({ [key]: cluster }) }).safeParse(readStackYaml(yaml));
  if (!parsed.success) throw new UserError(`Pulumi.${stack}.yaml: ${key} has no context`);
  const { context, kubeconfig } = parsed.data.config[key]!;
  return {
    context,
    kubeconfig: kubeconfig && path.resolve(checkout, kubeconfig.replace(/^~(?=\/)/, process.env.HOME ?? "~")),
  };
}
