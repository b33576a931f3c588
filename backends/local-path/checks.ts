import type { Check, CheckResult } from "../../model/backend";
import { suggest } from "../../model/nearest";
import type { NodeFacts } from "../../model/node-facts";
import { isTalos } from "../../preflight/nodes";
import type { LocalPathConfig } from "./config";
import { isEncrypted, judgeEncryption } from "../shared/encryption";
import { evidence, type Place, placesOf, volumesIn } from "./places";
import { count } from "../../model/quantity";
import { listed, results } from "../../preflight/results";
import { localPathSpace } from "./check-space";
import { localPathSelinux } from "./check-selinux";
import { localPathTalos } from "./check-talos";

const group = "local-path";
const probe = "npm run preflight -- --probe";

const localPathNodes: Check<LocalPathConfig> = {
  id: "local-path-nodes",
  group,
  run({ name, config, facts: { nodes } }) {
    const { ok, error, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const known = nodes.map((node) => node.name);
    const unknown = Object.keys(config.nodes).filter((node) => !known.includes(node));
    const faults = unknown.map((node) =>
      error(`the cluster has no node ${node}, which backends.${name}.nodes names`, suggest(node, known)),
    );
    const with_ = new Set(placesOf(config, nodes).map(({ node }) => node.name));
    if (with_.size === 0)
      faults.push(
        error(
          "no node that takes pods has a path for volumes",
          `give such a node one in cluster-storage:backends.${name}.nodes, or all nodes one in .path`,
        ),
      );
    return faults.length > 0
      ? faults
      : [
          ok(
            `${count(with_.size, "node")} that ${with_.size === 1 ? "takes" : "take"} ` +
              `pods ${with_.size === 1 ? "has" : "have"} a path for volumes`,
          ),
        ];
  },
};

const localPathMount: Check<LocalPathConfig> = {
  id: "local-path-mount",
  group,
  asks: ({ path, nodes }) => ({
    kubelets: true,
    paths: [...new Set([...(path ? [path] : []), ...Object.values(nodes).flat()])],
  }),
  run({ name, config, facts }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!facts.nodes) return [unread("nodes")];
    const places = placesOf(config, facts.nodes);
    const state = (place: Place) => {
      const found = evidence(place, facts);
      return found?.inMemory ? "memory" : config.sharedDisk ? "shared" : found?.own;
    };
    if (places.every((place) => state(place) === "shared") && config.sharedDisk)
      return [ok("volumes may share the nodes' own disks, as sharedDisk says")];
    return perPath(places, state, (path, state, nodes): CheckResult => {
      if (state === "memory")
        return error(
          `${path} on ${nodes} is in memory: every volume there is empty after a restart`,
          "mount a disk there, or name a path on one",
        );
      if (state === "shared") return ok(`${path} may share the own disk of ${nodes}, as sharedDisk says`);
      if (state === undefined)
        return unknown(
          `it is not known whether ${path} is a mount of its own on ${nodes}, until ` +
            "a volume there is in use or a probe pod looks",
          probe,
        );
      if (state) return ok(`${path} is a mount of its own on ${nodes}`);
      return error(
        `${path} on ${nodes} lies on the node's own disk, which a full volume would fill for everything else`,
        `mount a disk there, or allow it with cluster-storage:backends.${name}.sharedDisk: true`,
      );
    });
  },
};

const localPathWritable: Check<LocalPathConfig> = {
  id: "local-path-writable",
  group,
  run({ config, facts }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!facts.nodes) return [unread("nodes")];
    const state = (place: Place) => {
      const found = evidence(place, facts);
      if (found?.readOnly) return `is read-only, mounted at ${found.mount}`;
      // A bound volume proves that its directory could be written. The kubelet measures it only a minute later.
      const written = found !== undefined || volumesIn(place, facts).some(({ phase }) => phase === "Bound");
      return written
        ? "writable"
        : fixedByTalos(place)
          ? "is read-only: Talos lets nothing write outside /var"
          : undefined;
    };
    return perPath(placesOf(config, facts.nodes), state, (path, state, nodes): CheckResult => {
      if (state === undefined)
        return unknown(
          `it is not known whether ${path} can be written to on ${nodes}, until ` +
            "a volume is made there or a probe pod looks",
          probe,
        );
      if (state === "writable") return ok(`${path} is writable on ${nodes}`);
      return error(
        `${path} on ${nodes} ${state}`,
        state.includes("Talos")
          ? "use a user volume, which is mounted below /var/mnt: docs/talos.md"
          : "mount it for writing: mount -o remount,rw, and the same in the node's fstab",
      );
    });
  },
};

const fixedByTalos = ({ node, path }: { node: NodeFacts; path: string }) => isTalos(node) && !path.startsWith("/var/");

const localPathEncryption: Check<LocalPathConfig> = {
  id: "local-path-encryption",
  group,
  run({ name, config, facts: { nodes } }) {
    if (!nodes) return [results(this.id).unread("nodes")];
    const states = placesOf(config, nodes).map(({ node, path }) => ({
      node: node.name,
      place: path,
      encrypted: isEncrypted(node, path),
    }));
    return judgeEncryption(this.id, name, config.encrypted, states);
  },
};

/** Gives one result for all nodes on which a path has the same state. */
function perPath<State>(
  places: Place[],
  state: (place: Place) => State,
  say: (path: string, state: State, nodes: string) => CheckResult,
): CheckResult[] {
  const groups = new Map<string, { path: string; state: State; nodes: string[] }>();
  for (const place of places) {
    const found = { path: place.path, state: state(place) };
    const key = JSON.stringify(found);
    groups.set(key, { ...found, nodes: [...(groups.get(key)?.nodes ?? []), place.node.name] });
  }
  return [...groups.values()].map(({ path, state, nodes }) => say(path, state, listed(nodes)));
}

export const localPathChecks: Check<LocalPathConfig>[] = [
  localPathNodes,
  localPathMount,
  localPathWritable,
  localPathSpace,
  localPathEncryption,
  localPathSelinux,
  localPathTalos,
];
