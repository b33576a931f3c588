import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { catalogue } from "../../services/catalogue";
import type { Cluster } from "./fixture";
import { killHard, read } from "./kill";

export const refOf = (name: string): WorkloadRef => {
  const { kind, namespace } = catalogue.get(name)!;
  return { kind, namespace, workload: name };
};

/** Ends all processes of the service's pod at once, as where its memory is used up or its node fails. */
export async function killPod(cluster: Cluster, name: string): Promise<void> {
  const { metadata } = await waitForReadyPod(cluster.kube, refOf(name), 400_000);
  assert.ok(killProcessesOf(metadata!.uid!) > 0, `${name} has no process`);
}

/** Kills all that runs in a pod but what holds its network. Returns how many processes there were. */
export function killProcessesOf(uid: string): number {
  const victims = globSync("/proc/[0-9]*/cgroup").filter((file) => read(file).includes(`/pod${uid}/`));
  const servers = victims.map((file) => file.split("/")[2]!).filter((pid) => read(`/proc/${pid}/comm`) !== "pause\n");
  for (const pid of servers) killHard(Number(pid), false);
  return servers.length;
}
