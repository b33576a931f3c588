import { startInstance } from "../../cluster/instance/instance";
import type { Progress } from "../../cluster/progress";
import { ensureTools } from "../../cluster/tools";
import type { Overrides } from "../overrides";
import { devStack } from "../project";
import { localInstance, localTarget, type Target } from "../target";
import { committedServices } from "./deploy";
import { chooseImages } from "./images";
import { localOverrides } from "./overrides";

/** Brings the local cluster up, with its images, and says what to deploy there. Throws a UserError where this machine can't run it. */
export async function prepareLocal(progress: Progress): Promise<{ target: Target; overrides: Overrides }> {
  const tools = await ensureTools(progress);
  const info = await startInstance(localInstance, { tools, progress, durable: true });
  const images = await chooseImages(info, tools, progress);
  return { target: await localTarget(info.kubeconfig, info.context), overrides: localOverrides(info, await committedServices(devStack), images) };
}
