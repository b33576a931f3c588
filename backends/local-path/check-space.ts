import type { Check, CheckResult } from "../../model/backend";
import type { StoragePlan } from "../../model/plan";
import { type Demand, demands } from "../../preflight/claims";
import { confinedTo, type FileSystem, fileSystems, room } from "./file-systems";
import type { Place } from "./places";
import { formatBytes } from "../../model/quantity";
import { listed, results } from "../../preflight/results";
import type { LocalPathConfig } from "./config";

/** A disk counts as full when less than this part of it is free, because it may fill up before anybody looks. */
const almostFull = 0.03;

const { ok, warning, error, unknown, unread } = results("local-path-space");

/**
 * Compares what all volumes may grow to with the room on the disks, because local-path enforces no size. The volumes
 * of every backend on these disks count.
 */
export const localPathSpace: Check<LocalPathConfig> = {
  id: "local-path-space",
  group: "local-path",
  run({ name, config, facts, plan, alike }) {
    if (!facts.nodes || !facts.claims || !facts.volumes) return [unread("nodes, claims and volumes")];
    const all = fileSystems(alike, facts);
    const own = all.filter(({ backends }) => backends.includes(name));
    const say = (title: string) => [
      config.overCommit === "warn" ? warning(title, allow(name, false)) : error(title, allow(name, true)),
    ];
    const troubles = [...own.flatMap(full), ...own.flatMap((disk) => overNow(disk, say))];
    if (confinedTo(own, new Map([[name, config]]), facts).length === 0) {
      if (troubles.length > 0) return troubles;
      return [
        unknown(
          "it is not known how much room the paths have, until a volume there is in use or a probe pod looks",
          "npm run preflight -- --probe",
        ),
      ];
    }
    const wanted = demands(plan, facts.claims);
    const sums = [own, ...withNeighbours(name, own, all)].map((disks) =>
      sumOf(disks, confinedTo(disks, alike, facts), wanted, plan),
    );
    const over = sums.find(({ more, claims, space }) => more > 0 && claims > space);
    if (over)
      troubles.push(
        ...say(
          `after the update ${whose(over)} may grow to ${formatBytes(over.claims)}, and the disks have room ` +
            `for ${formatBytes(over.space)}`,
        ),
      );
    const [sum] = sums as [Sum];
    return troubles.length > 0
      ? troubles
      : [
          ok(
            `${whose(sum)} may grow ` +
              `to ${formatBytes(sum.claims)}${sum.more > 0 ? " after the update" : ""}, and the disks have room ` +
              `for ${formatBytes(sum.space)}`,
          ),
        ];
  },
};

/** What the volumes on some disks may take together, and the room that these disks have, in bytes. */
interface Sum {
  /** The backends whose claims are counted. */
  backends: string[];
  /** What all volumes there may grow to after the update. */
  claims: number;
  /** The part of `claims` that the update adds. */
  more: number;
  space: number;
}

/**
 * For each other backend that shares some of this backend's disks: the disks of both. Disks that have room for each
 * backend alone may not have room for both.
 */
function withNeighbours(name: string, own: FileSystem[], all: FileSystem[]): FileSystem[][] {
  const neighbours = new Set(own.flatMap(({ backends }) => backends).filter((other) => other !== name));
  return [...neighbours].map((other) => all.filter((disk) => own.includes(disk) || disk.backends.includes(other)));
}

/** `confined`: the backends whose claims can only go to these disks. */
function sumOf(disks: FileSystem[], confined: string[], wanted: Demand[], plan: StoragePlan): Sum {
  const classes = new Set(
    plan.backends
      .filter(({ name }) => confined.includes(name))
      .flatMap((backend) => backend.classes.map(({ name }) => name)),
  );
  const more = wanted.reduce((sum, { className, bytes }) => sum + (classes.has(className) ? bytes : 0), 0);
  const claims = disks.reduce((sum, { promised }) => sum + promised, 0) + more;
  const backends = [
    ...new Set([...disks.flatMap(({ backends, promised }) => (promised > 0 ? backends : [])), ...confined]),
  ];
  return { backends, claims, more, space: disks.reduce((sum, { found }) => sum + room(found), 0) };
}

const whose = ({ backends }: Sum) =>
  backends.length < 2 ? "its claims" : `the claims of ${listed(backends)}, which share disks,`;

const where = (places: Place[]) => `${listed(places.map(({ path }) => path))} on ${places[0]!.node.name}`;

function full({ places, found: { disk } }: FileSystem): CheckResult[] {
  if (disk.available >= disk.capacity * almostFull) return [];
  return [
    error(
      `${where(places)} ${places.length === 1 ? "is" : "are"} full: ${formatBytes(disk.available)} ` +
        `of ${formatBytes(disk.capacity)} are free`,
      `see which volumes lie there (kubectl get pv), make room, or mount a larger disk; ` +
        "room that was made just now shows within two minutes",
    ),
  ];
}

function overNow(
  { backends, places, found, promised }: FileSystem,
  say: (title: string) => CheckResult[],
): CheckResult[] {
  if (promised <= room(found)) return [];
  const volumes = backends.length < 2 ? "the volumes" : `the volumes of ${listed(backends)}`;
  return say(
    `${volumes} in ${where(places)} may grow to ${formatBytes(promised)}, ` +
      `and ${places.length === 1 ? "it has" : "they have"} room for ${formatBytes(room(found))}`,
  );
}

function allow(name: string, refused: boolean): string {
  const less = "ask for less, add a disk or a node, or clear out what shares the disk";
  return refused ? `${less}, or allow it with cluster-storage:backends.${name}.overCommit: warn` : less;
}
