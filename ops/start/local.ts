import * as path from "node:path";
import { makeAhead } from "../../local-cluster/images/images";
import { startInstance } from "../../local-cluster/instance/instance";
import type { Progress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";
import type { Overrides } from "../pulumi/overrides";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";
import { localInstance, localTarget, runningLocal, type Target } from "../pulumi/target";
import { readCommitted } from "./deploy";
import { variableOf } from "./given-secrets";
import { chooseImages, chosenImages, resticImage } from "./images";
import { localOverrides } from "./overrides";

/**
 * Starts a local cluster with its images, and returns what to deploy there. Throws a UserError where this machine can't
 * run it. `durable`: false for a cluster that only lives for a test.
 * `real`: with the real programs that take minutes to make.
 */
export async function prepareLocal(
  progress: Progress,
  name = localInstance,
  durable = true,
  real = false,
): Promise<{ target: Target; overrides: Overrides }> {
  const tools = await ensureTools(progress, {
    // Where the tools can't be downloaded, the services' images can't be pulled either.
    building: () => makeAhead(localImagesOf(catalogue, real), progress),
  });
  const info = await startInstance(name, { tools, progress, durable });
  const images = await chooseImages(info, tools, progress, real);
  const target = await localTarget(info);
  const committed = await readCommitted(target.stack);
  if (committed.backups === false)
    progress.info(
      "the stack file's backups are left out, because their secrets were encrypted for another stack: no service is " +
        `filled from them, and none is backed up. Set ${variableOf("backups.repository.password")}, and what else ` +
        "logs in there, to have them (docs/disaster.md)",
    );
  const restic = await resticImage(info, committed, images, progress);
  return { target, overrides: localOverrides(info, committed, images, restic) };
}

/**
 * What is deployed on the running local cluster, which is left unchanged. Throws a UserError where it isn't running.
 */
export async function runningLocalStack(progress: Progress): Promise<{ target: Target; overrides: Overrides }> {
  const info = await runningLocal();
  const images = await chosenImages(info.dir, progress);
  const target = await localTarget(info);
  const committed = await readCommitted(target.stack);
  const restic = await resticImage({ name: localInstance }, committed, images, progress);
  const local = { ...info, volumes: path.join(info.dir, "volumes") };
  return { target, overrides: localOverrides(local, committed, images, restic) };
}
