import type { Kube } from "../../kube/client";
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
