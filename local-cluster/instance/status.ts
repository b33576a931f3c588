import { existsSync } from "node:fs";
import { instanceDir } from "../paths";
import { adminApi } from "./api";
import { hasCgroups } from "./cgroups";
import { components, type ComponentName } from "./components";
import { dnsAnswers } from "./dns";
import { apiReady, nodeTrouble } from "./health";
import type { Layout } from "./layout";
import { findInit, findInits } from "./namespaces";
import { ownLinks } from "./network";
import { otherOwner } from "./owner";
import { allProcesses } from "./processes";
import { readRecord, recordedCgroup, recordedLayout } from "./record";
import { findComponent, kubeletSince } from "./supervise";

export interface InstanceStatus {
  state: "absent" | "stopped" | "running" | "broken";
  dir: string;
  /** The checkout that started it last. */
  owner?: string;
  /** Another live checkout that has the instance. This checkout then refuses to start or stop it. */
  foreign?: boolean;
  kubeconfig?: string;
  server?: string;
  /** The problems that a start would repair; empty unless the state is broken. */
  trouble: string[];
}

/** Returns the state of the instance; changes nothing. */
export async function statusOf(name: string): Promise<InstanceStatus> {
  const dir = instanceDir(name);
  const record = readRecord(name);
  const inits = findInits(dir);
  const init = findInit(dir);
  const remains = await leftovers(recordedCgroup(name, record), dir, inits.length > 0);
  if (!record) return { state: remains.length > 0 ? "broken" : "absent", dir, trouble: remains };
  const { kubeconfig, server } = recordedLayout(record);
  const known = {
    dir,
    owner: record.owner,
    foreign: otherOwner(record, inits.length > 0) !== undefined,
    ...(existsSync(kubeconfig) ? { kubeconfig, server } : {}),
  };
  if (!init)
    return {
      state: remains.length > 0 || record.phase === "running" ? "broken" : "stopped",
      trouble: remains.length > 0 || record.phase === "stopped" ? remains : ["it ended without being stopped"],
      ...known,
    };
  const trouble = await componentTrouble(recordedLayout(record), init);
  return { state: trouble.length > 0 ? "broken" : "running", trouble, ...known };
}

async function leftovers(cgroup: string, dir: string, processes: boolean): Promise<string[]> {
  const links = process.platform === "linux" ? await ownLinks(dir) : [];
  return [
    ...(processes ? ["processes"] : []),
    ...links.map((link) => `interface ${link}`),
    ...(hasCgroups(cgroup) ? ["control groups"] : []),
  ];
}

async function componentTrouble(layout: Layout, init: NonNullable<ReturnType<typeof findInit>>): Promise<string[]> {
  const processes = allProcesses();
  const all = components(layout, { tools: "", durable: true });
  const missing: ComponentName[] = all
    .filter((component) => !findComponent({ init }, component, processes))
    .map((component) => component.name);
  if (missing.length > 0) return missing.map((component) => `${component} is not running`);
  const api = adminApi(layout);
  if (!(await apiReady(api))) return ["the API server is not ready"];
  const node = await nodeTrouble(api, kubeletSince({ init }, all, processes)).catch((error: Error) => error.message);
  if (node) return [`the node: ${node}`];
  return (await dnsAnswers(layout)) ? [] : ["DNS does not answer"];
}
