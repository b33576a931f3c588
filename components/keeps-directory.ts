import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { claimArgument } from "../model/config-path";
import type { ServicePlan } from "../model/plan";
import { isSpillInit, spillInit } from "../model/spill";

/** A pod template, as far as its directories go. */
interface Template {
  spec?: {
    initContainers?: { name: string }[];
    volumes?: { name: string; emptyDir?: object }[];
  };
}

interface WorkloadInputs {
  spec?: { template?: Template };
}

/**
 * The volumes whose data a change of a workload would lose: they are directories of its pod that were filled from a
 * claim, and another template is another pod, which is filled from that claim again.
 */
export function lostDirectories(before: WorkloadInputs = {}, after: WorkloadInputs = {}): string[] {
  const [old, next] = [before.spec?.template, after.spec?.template];
  if (isDeepStrictEqual(old, next)) return [];
  const filled = directoriesOf(next);
  return directoriesOf(old).filter((name) => filled.includes(name));
}

function directoriesOf({ spec: { initContainers = [], volumes = [] } = {} }: Template = {}): string[] {
  const filling = initContainers.map(({ name }) => name).filter(isSpillInit);
  return volumes.filter(({ name, emptyDir }) => emptyDir && filling.includes(spillInit(name))).map(({ name }) => name);
}

/**
 * The options by which an update is refused, in the preview too, that would replace the pod whose own directory has the
 * service's data. None where the service has no such directory.
 */
export function keepsDirectory(service: ServicePlan): Pick<pulumi.ResourceOptions, "hooks"> {
  if (!service.claims.some(({ move }) => move?.kind === "spill")) return {};
  const check = async ({ oldInputs, newInputs }: pulumi.ResourceHookArgs) => {
    const [before, after] = await Promise.all([settled(oldInputs), settled(newInputs)]);
    const [lost] = lostDirectories(before, after);
    const claim = service.claims.find(({ volume }) => volume === lost);
    if (claim) throw new pulumi.RunError(refusal(claimArgument(claim), claim.move?.from.name ?? ""));
  };
  const hook = new pulumi.ResourceHook(`${service.name}-keeps-directory`, check, { onDryRun: true });
  return { hooks: { beforeUpdate: [hook] } };
}

/** Inputs with their secrets as plain values; undefined where the preview doesn't know all of them yet. */
async function settled(inputs: object = {}): Promise<WorkloadInputs | undefined> {
  const output = pulumi.output(inputs) as pulumi.Output<WorkloadInputs> & { isKnown: Promise<boolean> };
  return (await output.isKnown) ? new Promise((resolve) => void output.apply(resolve)) : undefined;
}

const refusal = (claim: string, from: string) =>
  `this update would replace the pod of ${claim}, whose data is in the pod's own directory: the next pod begins with ` +
  `what claim ${from} had when the data left it, and what was written since would be lost. Nothing was done to the ` +
  `pod. Take the data to a claim, in the same update or before: npm run move -- ${claim} --to BACKEND. To give the ` +
  "data up: from: none in its lines";
