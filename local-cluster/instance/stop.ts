import { removeCgroups } from "./cgroups";
import { components, type Component, type ComponentName } from "./components";
import { stopContainers } from "./cri";
import type { Layout } from "./layout";
import { findInits, inside, kill } from "./namespaces";
import { disconnect } from "./network";
import { readRecord, recordedCgroup } from "./record";
import { instanceDir } from "../paths";
import { endComponent, serves, type Running } from "./supervise";

/** How long containers may take to end after their stop signal. */
const GRACE_SECONDS = 20;

/** Stops pods and etcd in order. The namespaces still exist afterwards. */
export async function endGently(running: Pick<Running, "init">, layout: Layout): Promise<void> {
  const all = components(layout, { tools: "", durable: true });
  const find = (name: ComponentName): Component => all.find((component) => component.name === name)!;
  const finish = (...names: ComponentName[]) => Promise.all(names.map((name) => endComponent(running, find(name))));
  // These components end first, because they would start containers again.
  await finish("kubelet", "kube-controller-manager", "kube-scheduler");
  if (await serves(running, find("containerd"))) {
    // If containerd does not answer, its containers end with the namespaces.
    await stopContainers(inside(running.init.pid, layout.node.containerd.socket), GRACE_SECONDS).catch(() => undefined);
  }
  await finish("kube-apiserver", "kube-proxy", "coredns", "egress");
  await finish("etcd", "containerd");
}

/**
 * Removes everything of the instance except its directory: its processes, its cable and its control groups. Mounts and
 * iptables chains go with the processes.
 */
export async function clear(name: string): Promise<void> {
  const dir = instanceDir(name);
  await kill(findInits(dir));
  await disconnect(dir);
  await removeCgroups(recordedCgroup(name, readRecord(name)));
}
