import { mkdirSync, readFileSync } from "node:fs";
import { UserError } from "../../model/user-error";
import { withLock } from "../lock.mjs";
import { instanceDir } from "../paths";
import type { Progress } from "../progress";
import type { Tools } from "../tools";
import { adminApi } from "./api";
import { createCgroups } from "./cgroups";
import { components, type ComponentName } from "./components";
import { toolEnvironment } from "./environment";
import { importArchives } from "./import";
import { cgroupOf, contextOf, type Layout } from "./layout";
import { checkDisk, checkMachine, checkName } from "./machine";
import { createNamespaces, findInit, findInits } from "./namespaces";
import { checkDeletion, checkOwner, CHECKOUT, earlierOwners, otherCheckouts, self } from "./owner";
import { tryPull } from "./pull-probe";
import {
  finishDeleting,
  readRecord,
  recordedLayout,
  removeDirectory,
  writeRecord,
  type InstanceRecord,
} from "./record";
import { claimSlot } from "./slot";
import { bringUp, restart } from "./start";
import { statusOf, type InstanceStatus } from "./status";
import { clear, endGently } from "./stop";
import type { Running } from "./supervise";

/** A local Kubernetes of one node. */
export interface InstanceInfo {
  name: string;
  /** The directory of all its data; only `deleteInstance` deletes it. */
  dir: string;
  kubeconfig: string;
  /** The only context in the kubeconfig, `cluster-storage-NAME`. */
  context: string;
  /** `https://ADDRESS:PORT` of the API server. */
  server: string;
  /** The directory of local volumes. */
  volumes: string;
  node: string;
}

export interface StartOptions {
  tools: Tools;
  progress: Progress;
  /** False for tests: etcd does not wait for the disk, and the instance belongs to this process. */
  durable: boolean;
}

/**
 * Starts the local cluster, or does nothing where it runs well. Repairs what a killed run left.
 * Returns when the node is Ready and DNS answers. Throws UserError for problems that the user can fix.
 */
export async function startInstance(name: string, { tools, progress, durable }: StartOptions): Promise<InstanceInfo> {
  checkName(name);
  await checkMachine();
  const dir = instanceDir(name);
  return locked(
    name,
    async () => {
      const before = readRecord(name);
      const live = findInit(dir);
      if (before) checkOwner(before, live !== undefined);
      const others = before && durable ? otherCheckouts(before) : [];
      if (before && before.owner === others[0])
        progress.info(`the local cluster "${name}" comes with the data of the checkout ${before.owner}`);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const record = (slot: number): InstanceRecord => ({
        name,
        slot,
        durable,
        owner: CHECKOUT,
        ...(durable ? earlierOwners(before) : {}),
        cgroup: live && before ? before.cgroup : cgroupOf(name),
        phase: "running",
        tools: { bin: tools.bin, env: toolEnvironment(tools) },
        ...(durable ? {} : { holder: self() }),
      });
      if (live && before) {
        const same = record(before.slot);
        if (JSON.stringify(same) !== JSON.stringify(before)) writeRecord(same);
        await bringUp(running(same, live), same, progress, false);
        return describe(recordedLayout(before));
      }
      checkDisk(dir);
      await Promise.all([clear(name), finishDeleting(dir)]);
      const fresh = await claimSlot(name, before?.slot, async (layout) => {
        const current = record(layout.addresses.slot);
        writeRecord(current);
        createCgroups(layout.cgroup);
        return running(current, await createNamespaces(layout));
      });
      await bringUp(fresh, record(fresh.layout.addresses.slot), progress, true);
      return describe(fresh.layout);
    },
    progress,
  );
}

/**
 * Stops the cluster, its pods first, and leaves the machine as it was. Its data stays. Does nothing when the
 * cluster is already stopped.
 */
export async function stopInstance(name: string, progress?: Progress): Promise<void> {
  checkName(name);
  await locked(name, () => stopLocked(name), progress);
}

/**
 * Stops the cluster and removes its directory, with all data. `of`: the other checkouts whose data may go, by path.
 * Throws UserError where the data is that of a checkout that isn't named.
 */
export async function deleteInstance(name: string, progress?: Progress, of: readonly string[] = []): Promise<void> {
  checkName(name);
  await locked(
    name,
    async () => {
      checkDeletion(readRecord(name), of);
      await stopLocked(name);
      const dir = instanceDir(name);
      const mounts = readFileSync("/proc/self/mountinfo", "utf8")
        .split("\n")
        .map((line) => line.split(" ")[4] ?? "");
      const mounted = mounts.find((point) => point.startsWith(`${dir}/`));
      if (mounted)
        throw new UserError(
          `The local cluster "${name}" was stopped but not deleted, because something is mounted at ${mounted}. ` +
            "Unmount it and run the command again.",
        );
      await removeDirectory(dir);
    },
    progress,
  );
}

/** Ends one of the cluster's programs and starts it again; returns when it serves. */
export async function restartComponent(name: string, component: ComponentName): Promise<void> {
  await locked(name, async () => {
    const current = runningInstance(name);
    const record = readRecord(name)!;
    checkOwner(record, true);
    const found = components(current.layout, { tools: record.tools.bin, durable: record.durable }).find(
      (one) => one.name === component,
    );
    if (!found) throw new UserError(`The local cluster has no component "${component}"`);
    await restart(current, found);
  });
}

/** The instance's namespaces and tools. Throws UserError when it isn't running. */
export function runningInstance(name: string): Running {
  const record = readRecord(name);
  const init = findInit(instanceDir(name));
  if (!record || !init) throw new UserError(`The local cluster "${name}" is not running. Start it: \`npm start\``);
  return running(record, init);
}

function running(record: InstanceRecord, init: Running["init"]): Running {
  return { layout: recordedLayout(record), init, env: record.tools.env };
}

async function stopLocked(name: string): Promise<void> {
  const record = readRecord(name);
  const init = findInit(instanceDir(name));
  if (record) checkOwner(record, findInits(instanceDir(name)).length > 0);
  if (record && init) await endGently({ init }, recordedLayout(record));
  await clear(name);
  if (record) writeRecord({ ...record, phase: "stopped" });
}

/** Only one start or stop of an instance runs at a time; the next one waits. */
function locked<T>(name: string, work: () => Promise<T>, progress?: Progress): Promise<T> {
  const onWait = (pid: number) =>
    progress?.info(`waiting for process ${pid}, which is starting or stopping the local cluster "${name}"`);
  return withLock(`instance ${instanceDir(name)}`, work, onWait);
}

function describe({ name, dir, kubeconfig, server, volumes, node }: Layout): InstanceInfo {
  return { name, dir, kubeconfig, context: contextOf(name), server, volumes, node: node.name };
}

/** Returns the state of the instance and what is wrong with it; changes nothing. */
export async function instanceStatus(name: string): Promise<InstanceStatus> {
  checkName(name);
  return statusOf(name);
}

/** Imports docker archives and skips images that the instance has already. Throws UserError when it isn't running. */
export async function importImages(name: string, archives: string[]): Promise<void> {
  await importArchives(runningInstance(name), archives);
}

/** Whether the cluster's kubelet can pull a catalogue image; takes up to 20 s. */
export async function canPull(info: InstanceInfo): Promise<boolean> {
  return tryPull(adminApi(runningInstance(info.name).layout));
}
