import * as path from "node:path";
import { UserError } from "../model/user-error";
import type { Progress } from "./progress";
import { assemble } from "./tools/assemble";
import { clusterParts, testParts } from "./tools/catalogue";
import { addIptables, machineHasIptables } from "./tools/iptables";
import type { ObtainOptions } from "./tools/obtain";
import { thisPlatform } from "./tools/parts/platform";
import { pulumi } from "./tools/parts/pulumi";
import { restic } from "./tools/parts/restic";
import { versitygw } from "./tools/parts/versitygw";

export interface Tools {
  /** One directory that holds all of them; CNI plugins in `cni/`. */
  bin: string;
  /** What to add to the environment of those who use them: PATH. */
  env: NodeJS.ProcessEnv;
}

export interface ToolsOptions extends ObtainOptions {
  /** For tests: ignore the machine's iptables. */
  withoutIptables?: boolean;
}

/**
 * Obtains everything that the local cluster and Pulumi need: from the cache, otherwise downloaded, otherwise built.
 * Throws UserError with what is missing where none of these is possible.
 */
export async function ensureTools(progress: Progress, options: ToolsOptions = {}): Promise<Tools> {
  const platform = thisPlatform();
  if (platform.os !== "linux") {
    throw new UserError(
      "The local cluster runs on Linux only. Use a cluster that you have: `npm start -- --context NAME`.",
    );
  }
  const bin = await assemble(clusterParts(platform), progress, options);
  const complete = !options.withoutIptables && (await machineHasIptables(toolsIn(bin).env));
  return toolsIn(complete ? bin : await addIptables(bin, progress));
}

/** The Pulumi CLI and its language host alone, for a cluster that exists already. */
export async function ensurePulumi(progress: Progress, options: ToolsOptions = {}): Promise<Tools> {
  return toolsIn(await assemble([pulumi(thisPlatform())], progress, options));
}

/** `kubeconform`, `kube-score`, `actionlint` and `gitleaks`, in a directory of their own. */
export async function ensureTestTools(progress: Progress, options: ToolsOptions = {}): Promise<Tools> {
  return toolsIn(await assemble(testParts(thisPlatform()), progress, options));
}

/** `restic`, for a stack that has backups: building it takes minutes, so nobody else waits for it. */
export async function ensureRestic(progress: Progress, options: ToolsOptions = {}): Promise<string> {
  return path.join(await assemble([restic], progress, options), "restic");
}

/** `versitygw`, an S3 server for tests. */
export async function ensureS3Server(progress: Progress, options: ToolsOptions = {}): Promise<string> {
  return path.join(await assemble([versitygw], progress, options), "versitygw");
}

/** System programs may be in sbin, which is not on an ordinary user's PATH. */
function toolsIn(bin: string): Tools {
  return { bin, env: { PATH: [bin, process.env.PATH ?? "", "/usr/sbin", "/sbin"].join(path.delimiter) } };
}
