import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { pulumiEnv } from "../../local-cluster/pulumi";
import { consoleProgress } from "../../local-cluster/progress";

/** The local cluster of the suite; there is none where CONTRACT_KUBECONFIG names another cluster. */
export const contractInstance = process.env.TEST_INSTANCE ?? "test";

export interface ContractCluster {
  /** Path of the kubeconfig; its current context is used. */
  kubeconfig: string;
  context: string;
  /** An image on the node whose default command runs on. */
  image: string;
  /** An image on the node with `sh`, `sleep` and `true`. */
  shellImage: string;
}

/**
 * The cluster to test on, from CONTRACT_KUBECONFIG, CONTRACT_IMAGE and CONTRACT_SHELL_IMAGE. Throws when one is
 * missing.
 */
export function contractCluster(): ContractCluster {
  const kubeconfig = required("CONTRACT_KUBECONFIG", "the path of a kubeconfig");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    kubeconfig,
    context: config.getCurrentContext(),
    image: required("CONTRACT_IMAGE", "an image on the node that runs on by itself"),
    shellImage: required("CONTRACT_SHELL_IMAGE", "an image on the node that has a shell"),
  };
}

function required(name: string, what: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`the contract suite needs ${name}: ${what}`);
}

export interface PulumiHome {
  env: NodeJS.ProcessEnv;
  /** Directory of the state backend. */
  backend: string;
  remove(): Promise<void>;
}

/** Pulumi with a state of its own, and whichever plugins are there: the official ones, else the stand-ins. */
export async function temporaryPulumi(kubeconfig: string): Promise<PulumiHome> {
  const stateDir = await mkdtemp(join(tmpdir(), "contract-"));
  const env = await pulumiEnv({ stateDir, kubeconfig, standIns: true, progress: consoleProgress() });
  // The Automation API looks for the CLI on this process's PATH, whatever environment it is given.
  process.env.PATH = env.PATH;
  return { env, backend: join(stateDir, "backend"), remove: () => rm(stateDir, { recursive: true, force: true }) };
}
