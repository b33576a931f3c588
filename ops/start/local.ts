import * as path from "node:path";
import { startInstance } from "../../local-cluster/instance/instance";
import type { Progress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";
import type { Overrides } from "../pulumi/overrides";
import { devStack } from "../pulumi/project";
import { localInstance, localTarget, runningLocal, type Target } from "../pulumi/target";
import { readCommitted } from "./deploy";
import { chooseImages, chosenImages } from "./images";
import { localOverrides } from "./overrides";

/**
 * Starts a local cluster with its images, and returns what to deploy there. Throws a UserError where this machine can't
 * run it. `durable`: false for a cluster that only lives for a test.
 */
export async function prepareLocal(
  progress: Progress,
  name = localInstance,
  durable = true,
): Promise<{ target: Target; overrides: Overrides }> {
  const tools = await ensureTools(progress);
  const info = await startInstance(name, { tools, progress, durable });
  const images = await chooseImages(info, tools, progress);
  return { target: await localTarget(info), overrides: localOverrides(info, await readCommitted(devStack), images) };
}

/**
 * What is deployed on the running local cluster, which is left unchanged. Throws a UserError where it isn't running.
 */
export async function runningLocalStack(progress: Progress): Promise<{ target: Target; overrides: Overrides }> {
  const info = await runningLocal();
  const images = await chosenImages(info.dir, progress);
  return {
    target: await localTarget(info),
    overrides: localOverrides(
      { ...info, volumes: path.join(info.dir, "volumes") },
      await readCommitted(devStack),
      images,
    ),
  };
}
