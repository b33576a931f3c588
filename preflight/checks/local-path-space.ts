import type { Check, CheckResult } from "../../backends/types";
import { demands } from "../claims";
import type { PreflightFacts } from "../facts-types";
import { type Evidence, evidence, type Place, placesOf, volumesIn } from "../places";
import { amount, describeBytes } from "../quantity";
import { listed, results } from "../results";
import type { LocalPathSettings } from "./local-path";

/** A disk with less than this part free fails what is on it sooner than anybody looks. */
const almostFull = 0.03;

const { ok, warning, error, unknown, unread } = results("local-path-space");

/** A file system of a node, with the places that lie on it. */
interface Known {
  places: Place[];
  found: Evidence;
  /** What its volumes may grow to, in bytes. */
  promised: number;
}

/** Nothing holds a volume to its size there, so what all may grow to is held against the disks. */
export const localPathSpace: Check<LocalPathSettings> = {
  id: "local-path-space",
  group: "local-path",
  run({ name, config, facts, plan }) {
    if (!facts.nodes || !facts.claims || !facts.volumes) return [unread("nodes, claims and volumes")];
    const places = placesOf(config, facts.nodes);
    const known = fileSystems(places, facts, config.sharedDisk);
    const say = (title: string) => [config.overCommit === "warn" ? warning(title, allow(name, false)) : error(title, allow(name, true))];
    const classes = new Set(plan.backends.find((backend) => backend.name === name)?.classes.map((made) => made.name));
    const wanted = demands(plan, facts.claims).filter(({ className }) => classes.has(className));
    const more = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    const troubles = [...known.flatMap(full), ...known.flatMap((one) => overNow(one, say))];
    const all = known.reduce((sum, { promised }) => sum + promised, 0) + more;
    const space = known.reduce((sum, { found }) => sum + room(found), 0);
    if (known.flatMap((one) => one.places).length < places.length) {
      if (troubles.length > 0) return troubles;
      return [unknown("how much room its paths have shows when a volume there is in use, or by a probe pod", "npm run preflight -- --probe")];
    }
    if (more > 0 && all > space) troubles.push(...say(`after the update its claims may grow to ${describeBytes(all)}, and the disks have room for ${describeBytes(space)}`));
    return troubles.length > 0 ? troubles : [ok(`its claims may grow to ${describeBytes(all)}${more > 0 ? " after the update" : ""}, and the disks have room for ${describeBytes(space)}`)];
  },
};

/** What is known of the places, by file system: two paths on one share its room. */
function fileSystems(places: Place[], facts: PreflightFacts, shared: boolean): Known[] {
  const found = new Map<string, Known>();
  for (const place of places) {
    const seen = evidence(place, facts, shared);
    if (!seen) continue;
    const key = `${place.node.name} ${seen.fileSystem}`;
    const { places, promised } = found.get(key) ?? { places: [], promised: 0 };
    found.set(key, { places: [...places, place], found: seen, promised: promised + promisedIn(place, facts) });
  }
  return [...found.values()];
}

/** A disk of its own is all for volumes. Of one that is shared only what is free counts, though volumes have a part of the rest. */
const room = ({ own, disk }: Evidence) => (own ? disk.capacity : disk.available);

const promisedIn = (place: Place, facts: PreflightFacts) => volumesIn(place, facts).reduce((sum, { size }) => sum + amount(size), 0);

const where = (places: Place[]) => `${listed(places.map(({ path }) => path))} on ${places[0]!.node.name}`;

function full({ places, found: { disk } }: Known): CheckResult[] {
  if (disk.available >= disk.capacity * almostFull) return [];
  return [error(`${where(places)} ${places.length === 1 ? "is" : "are"} full: ${describeBytes(disk.available)} of ${describeBytes(disk.capacity)} are free`, `see which volumes lie there (kubectl get pv), make room, or mount a larger disk`)];
}

function overNow({ places, found, promised }: Known, say: (title: string) => CheckResult[]): CheckResult[] {
  if (promised <= room(found)) return [];
  return say(`the volumes in ${where(places)} may grow to ${describeBytes(promised)}, and ${places.length === 1 ? "it has" : "they have"} room for ${describeBytes(room(found))}`);
}

function allow(name: string, refused: boolean): string {
  const less = "ask for less, add a disk or a node, or clear out what shares the disk";
  return refused ? `${less}; where that is meant: cluster-storage:backends.${name}.overCommit: warn` : less;
}
