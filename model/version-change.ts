import { digestIn } from "./image-name";
import type { Engine, Written } from "./engine-version";

/** Where the files are, and what the config says of them. */
export interface Place {
  service: string;
  namespace: string;
  /** The workload that a command runs a program in, such as `statefulset/postgres`. */
  workload: string;
  claim: string;
  /** The C library that the config accepts by name (`acceptLibc`). */
  accepted?: string;
}

/** What is wrong with a change of version, or what a person should know of it; empty where it is fine. */
export interface Verdict {
  refused?: string;
  warning?: string;
}

const numbers = (version: string) => version.split(".").map(Number);

/** Below, at or above 0: how two versions compare in the parts that both have. 17 and 17.2 are equal. */
function compare(a: string, b: string, parts = Infinity): number {
  const [left, right] = [numbers(a).slice(0, parts), numbers(b).slice(0, parts)];
  const at = left.findIndex((part, i) => right[i] !== undefined && part !== right[i]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}

/** Decides whether the engine that is planned can go on with the files that `from` wrote. */
export function judgeChange(engine: Engine, from: Written, to: Written, place: Place): Verdict {
  const refuse = (why: string, wayOut: string): Verdict => ({
    refused: `claim ${place.claim} was last written by ${describe(from)}, and ${why}; ${wayOut}`,
  });
  const again = `set services.${place.service}.image to ${from.image} again`;
  const otherwise = (way: string) => `${again}, or ${fill(way, place)} (docs/versions.md)`;
  if (from.engine !== to.engine)
    return refuse(`${to.engine} can't read its files`, otherwise("give the service a new, empty volume"));
  // A stand-in goes on with any stand-in's files.
  // The same content, also where it is got elsewhere.
  const digest = digestIn(to.image);
  const same = from.image === to.image || (digest !== undefined && digest === digestIn(from.image));
  if (same || to.engine !== engine.name) return {};
  const [before, after] = [told(engine, from), told(engine, to)];
  if (after === undefined)
    return refuse(
      `image ${to.image} doesn't say which version of ${engine.name} it has`,
      `say it in services.${place.service}.version`,
    );
  if (before === undefined)
    return refuse(
      `that image doesn't say which version of ${engine.name} it has`,
      `${again} with its version in services.${place.service}.version, run pulumi up, and then change the image`,
    );
  const way = versionWay(engine, before, after);
  return way === undefined
    ? judgeLibc(engine, from, to, place, refuse)
    : refuse(`${engine.name} ${after} can't go on with its files`, otherwise(way));
}

const describe = ({ engine, version, image }: Written) =>
  version === undefined ? `${engine} (${image})` : `${engine} ${version} (${image})`;

/** Words of the catalogue that stand for the place of the service. */
const fill = (way: string, { namespace, workload }: Place) =>
  way.replaceAll("{exec}", `kubectl -n ${namespace} exec ${workload} --`);

/** The version, where it is known well enough to tell its series. */
const told = ({ parts }: Engine, { version }: Written): string | undefined =>
  version !== undefined && numbers(version).length >= parts ? version : undefined;

/** How the data gets from one version to the other; undefined where the files can stay as they are. */
function versionWay(engine: Engine, before: string, after: string): string | undefined {
  const { parts, up, down, dump } = engine;
  const barrier = engine.barriers?.find(({ below, to }) => compare(before, below) < 0 && compare(after, to) >= 0);
  if (barrier) return barrier.wayOut;
  const series = compare(after, before, parts);
  if (series === 0) return down === "none" && compare(after, before) < 0 ? dump : undefined;
  if (series < 0 || up === "none") return dump;
  return up === "any" ? undefined : stepwise(engine, numbers(before), numbers(after));
}

function stepwise({ dump }: Engine, [major, minor = 0]: number[], [toMajor, toMinor]: number[]): string | undefined {
  if (major !== toMajor) return dump;
  return toMinor === minor + 1
    ? undefined
    : `go up one minor version at a time, first to the newest ${major}.${minor + 1}`;
}

function judgeLibc(
  { name, sorts, dump }: Engine,
  from: Written,
  to: Written,
  place: Place,
  refuse: (why: string, wayOut: string) => Verdict,
): Verdict {
  if (!sorts || from.libc === to.libc) return {};
  const [was, will] = [from.libc ?? "debian", to.libc ?? "debian"];
  const sort = `${will} sorts text otherwise than ${was}, so that ${name}'s indexes would be wrong`;
  const { service, claim, accepted } = place;
  if (was === "alpine" || will === "alpine")
    return refuse(sort, `choose an image with ${was}, or ${fill(dump, place)} (docs/versions.md)`);
  if ([was, will].some((libc) => libc === "debian"))
    return {
      warning:
        `services.${service}.image: claim ${claim} was written with the C library of ${was} and goes on with that of ` +
        `${will}; if they sort text differently, make the indexes anew: ${fill(sorts.reindex, place)}`,
    };
  if (accepted === will)
    return {
      warning:
        `services.${service}.acceptLibc: as soon as the update is done and before anybody uses it, make the indexes ` +
        `of claim ${claim} anew: ${fill(sorts.reindex, place)}`,
    };
  return refuse(
    sort,
    `choose an image with ${was}, or set services.${service}.acceptLibc: ${will} while nobody uses the database, and ` +
      `right after the update run ${fill(sorts.reindex, place)} (docs/versions.md)`,
  );
}
