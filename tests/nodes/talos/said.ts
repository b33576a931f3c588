import type { DoneStep } from "../../../model/node-preparation";
import { node } from "../../../nodes/talos/node";
import type { DiskFacts, FoundVolume, TalosNodeFacts, VolumeFacts } from "../../../nodes/talos/node-facts";
import { GiB } from "./fake";

/** What nodes that run Talos say, for what is judged by it. */

export const disk: DiskFacts = {
  device: "/dev/sdb",
  size: 500 * GiB,
  readOnly: false,
  rotational: false,
  serial: "DATA",
  links: [],
};
const system: DiskFacts = { ...disk, device: "/dev/sda", serial: "SYS" };
export const empty: FoundVolume = { device: "/dev/sdb", size: 500 * GiB, offset: 0, name: "", label: "" };
export const part = (more: Partial<FoundVolume>): FoundVolume => ({
  ...empty,
  device: "/dev/sdb1",
  parent: "/dev/sdb",
  offset: 2 ** 20,
  size: 200 * GiB,
  ...more,
});
export const facts = (more: Partial<TalosNodeFacts> = {}): TalosNodeFacts => ({
  version: "v1.13.0",
  mounts: [],
  seen: { extensions: [], volumes: [], encrypted: [], extraMounts: [] },
  volumes: {},
  specs: {},
  disks: [system, disk],
  found: [empty],
  systemDisk: "/dev/sda",
  ...more,
});
export const made = (more: Partial<VolumeFacts> = {}, after: FoundVolume[] = []) =>
  facts({
    volumes: {
      "u-data": {
        phase: "ready",
        type: "partition",
        size: 200 * GiB,
        encrypted: false,
        location: "/dev/sdb1",
        parent: "/dev/sdb",
        ...more,
      },
    },
    found: [{ ...empty, name: "gpt" }, part({ label: "u-data", name: "xfs" }), ...after],
  });

export interface Known {
  done?: Record<string, DoneStep>;
  claims?: string[];
  notReady?: string[];
}

/** What is said of the only step, or of the condition before it: its state, or why it is refused. */
export function said(settings: object, seen: TalosNodeFacts, known: Known = {}): string {
  const parsed = node.schema.parse({ type: "talos", ...settings });
  const [state] = node.judge({ node: "worker-1", settings: parsed, facts: seen, done: {}, claims: [], ...known });
  return state!.why ?? [state!.state, state!.note].filter(Boolean).join(": ");
}
export const volume = (more: object = {}, selector: object = { serial: "DATA" }) => ({
  volumes: { data: { disk: selector, minSize: "100Gi", ...more } },
});
