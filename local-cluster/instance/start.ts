import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Progress } from "../progress";
import { adminApi, type Api } from "./api";
import { createCgroups } from "./cgroups";
import { ensureCertificates } from "./certificates";
import { components, type Component } from "./components";
import { configFiles } from "./configs";
import { runningContainers } from "./cri";
import { allowDns, dnsAnswers } from "./dns";
import { apiReady, nodeTrouble, stalePods } from "./health";
import { identities } from "./identities";
import { writeAdminKubeconfig, writeComponentKubeconfig } from "./kubeconfig";
import type { Layout } from "./layout";
import { abilities } from "./machine";
import { inside } from "./namespaces";
import { waitFor } from "./processes";
import type { InstanceRecord } from "./record";
import {
  checkAlive,
  endComponent,
  failure,
  findComponent,
  isCurrent,
  kubeletSince,
  startComponent,
  type Running,
} from "./supervise";

type Note = (text: string) => void;

const KUBECONFIGS = ["kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "coredns"];

/** Creates the directories, certificates, kubeconfigs and control groups, and keeps those that are still good. */
async function prepare(layout: Layout): Promise<void> {
  for (const directory of [layout.volumes, layout.config, layout.logs, layout.etcd])
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  await ensureCertificates(layout.certificates, identities(layout));
  writeAdminKubeconfig(layout);
  for (const component of KUBECONFIGS) writeComponentKubeconfig(layout, component);
  createCgroups(layout.cgroup);
}

/** Writes the configuration files; returns the names of those that changed. */
export function writeConfigs(layout: Layout, tools: string): string[] {
  const files = Object.entries(configFiles(layout, tools, abilities(layout.dir)));
  const changed = files.filter(([name, text]) => read(join(layout.config, name)) !== text);
  for (const [name, text] of changed) {
    mkdirSync(dirname(join(layout.config, name)), { recursive: true });
    writeFileSync(join(layout.config, name), text, { mode: 0o600 });
  }
  return changed.map(([name]) => name);
}

/**
 * Starts the components that are missing or have changed, and waits until all of them serve. `fresh`: the namespaces
 * are new.
 */
export async function bringUp(
  running: Running,
  record: InstanceRecord,
  progress: Progress,
  fresh: boolean,
): Promise<void> {
  const changed = writeConfigs(running.layout, record.tools.bin);
  const all = components(running.layout, { tools: record.tools.bin, durable: record.durable });
  const wrong = all.filter((component) => {
    const process = findComponent(running, component);
    return !process || !isCurrent(process, component) || (component.config && changed.includes(component.config));
  });
  if (wrong.length > 0) await prepare(running.layout);
  const api = adminApi(running.layout);
  if (wrong.length === 0 && (await isWell(running, all, api))) return;
  const title = fresh
    ? `starting the local Kubernetes "${running.layout.name}"`
    : `repairing the local Kubernetes "${running.layout.name}" (${names(wrong) || "not ready"})`;
  await progress.step(title, (note) => startAll(running, all, wrong, api, note));
}

/** Asks the API server, the node and DNS at the same time. */
async function isWell(running: Running, all: Component[], api: Api): Promise<boolean> {
  const answers = await Promise.all([
    apiReady(api),
    nodeTrouble(api, kubeletSince(running, all)).then(
      (trouble) => !trouble,
      () => false,
    ),
    dnsAnswers(running.layout),
  ]);
  return answers.every(Boolean);
}

async function startAll(running: Running, all: Component[], wrong: Component[], api: Api, note: Note): Promise<void> {
  const stage = async (belongs: (component: Component) => boolean) => {
    const these = wrong.filter(belongs);
    note(names(these));
    const results = await Promise.allSettled(these.map((component) => restart(running, component)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  };
  const base = ["etcd", "egress", "containerd"];
  await stage(({ name }) => base.includes(name));
  await stage(({ name }) => name === "kube-apiserver");
  await awaitApi(running, all, api, note);
  await allowDns(api);
  await stage(({ name }) => !base.includes(name) && name !== "kube-apiserver");
  await awaitNode(running, all, api, note);
  await awaitDns(running, all, note);
  await awaitPods(running, api, note);
}

/** Ends the component if it runs, and starts it. */
export async function restart(running: Running, component: Component): Promise<void> {
  await endComponent(running, component);
  await startComponent(running, component);
}

/** Waits for the API server. If it does not answer, etcd and the API server are restarted once. */
async function awaitApi(running: Running, all: Component[], api: Api, note: Note): Promise<void> {
  const needed = all.filter(({ name }) => ["etcd", "kube-apiserver"].includes(name));
  const ready = async () => {
    checkAlive(running, needed);
    return apiReady(api);
  };
  note("waiting for the API server");
  if (await waitFor(30, ready, 100)) return;
  for (const component of needed) await restart(running, component);
  if (await waitFor(60, ready, 100)) return;
  throw failure(running.layout, needed.at(-1)!, "does not become ready");
}

async function awaitNode(running: Running, all: Component[], api: Api, note: Note): Promise<void> {
  let trouble: string | undefined;
  const ready = () => {
    const since = kubeletSince(running, all);
    return waitFor(
      45,
      async () => {
        checkAlive(running, all);
        trouble = await nodeTrouble(api, since).catch((error: Error) => error.message);
        return trouble === undefined;
      },
      200,
    );
  };
  note("waiting for the node");
  if (await ready()) return;
  const kubelet = all.find(({ name }) => name === "kubelet")!;
  await restart(running, kubelet);
  if (await ready()) return;
  throw failure(running.layout, kubelet, `does not make its node Ready (${trouble})`);
}

async function awaitDns(running: Running, all: Component[], note: Note): Promise<void> {
  const coredns = all.find(({ name }) => name === "coredns")!;
  const answers = () => waitFor(20, () => dnsAnswers(running.layout), 100);
  note("waiting for DNS");
  if (await answers()) return;
  await restart(running, coredns);
  if (await answers()) return;
  throw failure(running.layout, coredns, "does not know the names of services");
}

/** Waits up to a minute until the kubelet has looked at all pods. Until then, a pod may seem ready that is not. */
async function awaitPods({ init, layout }: Running, api: Api, note: Note): Promise<void> {
  await waitFor(
    60,
    async () => {
      const stale = await stalePods(
        api,
        await runningContainers(inside(init.pid, layout.node.containerd.socket)),
      ).catch(() => []);
      if (stale.length > 0) note(`the kubelet has to look at ${stale.length} more pods`);
      return stale.length === 0;
    },
    250,
  );
}

function names(these: Component[]): string {
  return these.map(({ name }) => name).join(", ");
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
