import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { withDirectory, writePrivate } from "../pulumi/scratch";
import type { Run } from "./github-run";

/**
 * Whether the run has the credentials for a preview. Throws a UserError that names what is missing. GitHub gives a
 * fork's run no credentials; that is "none" and no error. A laptop has its own login and kubeconfig.
 */
export function findCredentials(
  { automated, pullRequest }: Run,
  env: NodeJS.ProcessEnv = process.env,
): "there" | "none" {
  if (!automated) return "there";
  const missing = [
    !env.PULUMI_ACCESS_TOKEN && !env.PULUMI_BACKEND_URL && "PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL",
    !env.CI_KUBECONFIG && !env.KUBECONFIG && "CI_KUBECONFIG",
  ].filter(Boolean);
  if (missing.length === 0) return "there";
  if (pullRequest?.fork) return "none";
  throw new UserError(
    `${missing.join(" and ")} not set: add it to the secrets of the job's environment (docs/ci.md); nothing ` +
      "was changed",
  );
}

/**
 * Runs `work` with the kubeconfig from CI_KUBECONFIG in a file that only this user can read. The file
 * is removed afterwards, whatever ends this process.
 */
export async function withKubeconfig<T>(work: () => Promise<T>, env: NodeJS.ProcessEnv = process.env): Promise<T> {
  if (!env.CI_KUBECONFIG) return work();
  const kubeconfig = env.CI_KUBECONFIG;
  return withDirectory("kubeconfig", async (directory) => {
    env.KUBECONFIG = path.join(directory, "config");
    writePrivate(env.KUBECONFIG, kubeconfig);
    return work();
  });
}
