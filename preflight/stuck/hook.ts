import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../kube/api";
import type { ServicePlan, StoragePlan } from "../../model/plan";
import { replaceStuck, watchStuck } from "./replace";

const say = (line: string | undefined) => void (line !== undefined && pulumi.log.warn(line));

const isSet = ({ kind, run }: ServicePlan) => kind === "StatefulSet" && run;

/** Replaces pods that are stuck already, before anything is changed. A preview replaces nothing. */
export async function replaceStuckPods(api: Api, { services }: StoragePlan): Promise<void> {
  if (pulumi.runtime.isDryRun()) return;
  await Promise.all(
    services.filter(isSet).map(async (service) => say(await replaceStuck(api, service).catch(() => undefined))),
  );
}

/** Replaces the pod of a StatefulSet that is stuck as soon as the set has been put right, until the set is ready. */
export function watchRollout(api: Api, service: ServicePlan, workload: pulumi.CustomResource): void {
  if (!isSet(service) || pulumi.runtime.isDryRun()) return;
  const done = new AbortController();
  workload.id.apply(() => done.abort());
  void watchStuck(api, service, done.signal).then(say);
}
