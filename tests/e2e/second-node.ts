import { cpSync, existsSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureImages } from "../../local-cluster/images/images";
import { createCgroups, removeCgroups } from "../../local-cluster/instance/cgroups";
import { ensureCertificates } from "../../local-cluster/instance/certificates";
import { components, type ComponentName } from "../../local-cluster/instance/components";
import { identities } from "../../local-cluster/instance/identities";
import { importArchives } from "../../local-cluster/instance/import";
import { runningInstance } from "../../local-cluster/instance/instance";
import { writeComponentKubeconfig } from "../../local-cluster/instance/kubeconfig";
import type { Layout } from "../../local-cluster/instance/layout";
import { enter } from "../../local-cluster/instance/namespaces";
import { readRecord } from "../../local-cluster/instance/record";
import { restart, writeConfigs } from "../../local-cluster/instance/start";
import { endComponent, type Running } from "../../local-cluster/instance/supervise";
import { ensureTools } from "../../local-cluster/tools";
import { ifFound, type Kube } from "../../kube/client";
import { instance, progress } from "./fixture";
import { until } from "./state";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";

/** The second node's name. */
export const second = "second";

/**
 * Brings a second node into these tests' instance: a kubelet and a container runtime of its own, with the same images,
 * in the
 * same namespaces, so that its pods are in the first one's network. Returns when it is Ready.
 */
export async function addSecondNode(kube: Kube): Promise<void> {
  const running = secondOf(runningInstance(instance));
  const { bin } = readRecord(instance)!.tools;
  await progress.step("a second node", async (note) => {
    await prepare(running, bin);
    note("containerd");
    await restart(running, find(running.layout, "containerd", bin));
    note("images");
    await importArchives(
      running,
      (await ensureImages(localImagesOf(catalogue, false), await ensureTools(progress), progress)).archives,
    );
    note("kubelet");
    await restart(running, find(running.layout, "kubelet", bin));
    await until("the second node is Ready", async () => {
      const node = await ifFound(kube.core.readNode({ name: second }));
      return node?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    });
  });
}

/**
 * Takes the second node away again, with its pods and all that it had on the disk. Nothing happens where there is none.
 */
export async function removeSecondNode(kube: Kube): Promise<void> {
  const { layout, init } = secondOf(runningInstance(instance));
  if (!existsSync(layout.dir)) return;
  await evict(kube);
  for (const name of ["kubelet", "containerd"] as const) await endComponent({ init }, find(layout, name));
  await ifFound(kube.core.deleteNode({ name: second }));
  await removeCgroups(layout.cgroup);
  await enter(init, ["umount", ...places(layout).map(({ path }) => path)]);
  await rm(layout.dir, { recursive: true });
}

/** Its kubelet ends its pods: nobody else would take their sandboxes away. */
async function evict({ core, objects }: Kube): Promise<void> {
  await objects.patch({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: second },
    spec: { unschedulable: true },
  } as never);
  await until("the second node has no pod", async () => {
    const { items } = await core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${second}` });
    for (const { metadata } of items)
      if (!metadata?.deletionTimestamp)
        await ifFound(
          core.deleteNamespacedPod({ name: metadata!.name!, namespace: metadata!.namespace!, gracePeriodSeconds: 1 }),
        );
    return items.length === 0;
  });
}

/**
 * The second node's places: beside the first one's, and in the instance's directory and control groups, which go with
 * it.
 */
function secondOf({ layout, ...running }: Running): Running {
  const dir = join(layout.dir, second);
  const place = (path: string) => join(dir, path);
  const node = {
    name: second,
    containerd: { socket: "/run/second/containerd.sock", root: "/var/lib/second/containerd", state: "/run/second" },
    kubelet: "/var/lib/second/kubelet",
    podLogs: "/var/log/second-pods",
    ports: { kubelet: 10350, health: 10348 },
  };
  return {
    ...running,
    layout: {
      ...layout,
      dir,
      certificates: place("certificates"),
      config: place("config"),
      logs: place("logs"),
      cgroup: `${layout.cgroup}/${second}`,
      node,
    },
  };
}

function find(layout: Layout, name: ComponentName, tools = "") {
  return components(layout, { tools, durable: false }).find((component) => component.name === name)!;
}

/** Its directories, which its paths inside the instance are: these are short, and what they have is on the disk. */
function places({ dir, node }: Layout): { path: string; directory: string }[] {
  const all = { kubelet: node.kubelet, containerd: node.containerd.root, "pod-logs": node.podLogs };
  return Object.entries(all).map(([name, path]) => ({ path, directory: join(dir, name) }));
}

/** Certificates are of the instance's authority. */
async function prepare({ layout, init }: Running, tools: string): Promise<void> {
  mkdirSync(layout.config, { recursive: true, mode: 0o700 });
  cpSync(join(layout.dir, "..", "certificates"), layout.certificates, { recursive: true });
  await ensureCertificates(layout.certificates, identities(layout));
  writeComponentKubeconfig(layout, "kubelet");
  writeConfigs(layout, tools);
  createCgroups(layout.cgroup);
  for (const { path, directory } of places(layout)) {
    mkdirSync(directory, { recursive: true });
    await enter(init, [
      "sh",
      "-euc",
      'mkdir -p "$2"; mountpoint -q "$2" || mount --bind "$1" "$2"',
      "mount",
      directory,
      path,
    ]);
  }
}
