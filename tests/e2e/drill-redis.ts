import type { V1CronJobSpec } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import type { BackupTask } from "../../model/backup";
import { chooseBackups, type BackedUpService } from "../../ops/backup/decide";
import { drillServices } from "../../ops/drill/run";
import { readDeployed } from "../../ops/pulumi/known-claims";
import { stackId, type Stack } from "../../ops/pulumi/stack";

/** Drills Redis' backup as this account, with another check of the copy's stopped files where `change` makes one. */
export async function drillRedis(
  kube: Kube,
  stack: Stack,
  change = (stopped: { exec: string[] }): { exec: string[] } => stopped,
) {
  const [[name, service]] = chooseBackups((await readDeployed(stack)).services, ["redis"]) as [BackedUpService];
  const drilled: BackedUpService = [
    name,
    { ...service, check: { ...service.check, stopped: change(service.check.stopped!) } },
  ];
  const { signal } = new AbortController();
  const services = [drilled];
  const say = () => undefined;
  const { results, left } = await drillServices(kube, { stack: stackId(stack), services, all: services, say, signal });
  return { service: drilled, result: results[0]!, left };
}

/** The backup's job with an empty directory of the pod in place of the volume. */
export function withoutData({ jobTemplate }: V1CronJobSpec): void {
  const variable = jobTemplate.spec!.template.spec!.containers[0]!.env!.find(({ name }) => name === "BACKUP")!;
  const task = JSON.parse(variable.value!) as BackupTask;
  for (const stream of task.volumes[0]!.exportRecipe.streams)
    for (const command of [stream.exec, stream.blocks ?? []]) command[command.length - 1] = "/tmp";
  variable.value = JSON.stringify(task);
}
