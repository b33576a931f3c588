import type { Fault } from "./plan";
import { joined } from "./words";

/**
 * By the path of a setting that a service takes from the stack's defaults: the path there. It has each map that was
 * taken as a whole, and each of its keys.
 */
export type Inherited = ReadonlyMap<string, string>;

/** Where a value came from. */
interface Origin {
  /** The service or backend that took it. */
  owner: string;
  /** The value's place in the defaults. */
  path: string;
  /** What of it the owner can take away. */
  part: string;
  /** How many took that. */
  takers: number;
}

/**
 * The faults, of which those about a setting from the defaults have its path there, one for all services that it
 * doesn't fit, with the way to take it away there.
 */
export function namingDefaults(faults: readonly Fault[], inherited: Inherited): Fault[] {
  if (inherited.size === 0) return [...faults];
  const found = faults.map((fault) => ({ fault, from: originOf(fault.path, inherited) }));
  return found.flatMap(({ fault, from }, i): Fault[] => {
    if (!from) return [withParts(fault, inherited)];
    const same = found.flatMap(({ fault: { message }, from: other }, j) =>
      other?.path === from.path ? [{ ...other, message, j }] : [],
    );
    return same[0]?.j === i ? [{ ...fault, path: from.path, message: together(same) }] : [];
  });
}

function originOf(path: string, inherited: Inherited): Origin | undefined {
  const [part, from] = [...inherited]
    .filter(([outer]) => isWithin(path, outer))
    .reduce<[string, string]>((longest, each) => (each[0].length > longest[0].length ? each : longest), ["", ""]);
  if (part === "") return undefined;
  const owner = part.slice(0, -from.slice("defaults".length).length).replace(/^\w+\./, "");
  const takers = [...inherited.values()].filter((other) => other === from).length;
  return { owner, part, path: from + path.slice(part.length), takers };
}

type Refusal = Origin & { message: string };

/** One message of all that a value doesn't fit, which says once what differs only in their names. */
function together(all: readonly Refusal[]): string {
  const generalOf = ({ owner, message }: Refusal) => withName(message, owner, "each");
  const alike = new Map(all.map((one) => [generalOf(one), all.filter((other) => generalOf(other) === generalOf(one))]));
  const takers = all[0]?.takers ?? 0;
  const [only] = alike.keys();
  if (all.length === takers && takers > 1 && alike.size === 1 && only === all[0]?.message) return only;
  const reasons = [...alike].map(([message, those]) => {
    const owners = joined(those.map(({ owner }) => owner));
    return `doesn't fit ${owners}: ${those.length === 1 ? those[0]!.message : message}`;
  });
  return `${reasons.join("; ")}; ${wayOut(all, takers)}`;
}

function wayOut(all: readonly Refusal[], takers: number): string {
  if (all.length === takers) return "leave it out here, and set what fits at the services themselves";
  const [{ owner, part }] = all as [Refusal];
  const away = all.length === 1 ? part : withName(part, owner, "SERVICE");
  const where = all.length === 1 ? "" : " at each of them";
  return `set it at the services that it fits instead, or take it away${where} with ${away}: null`;
}

/** A text about a service with another word in the place of its name. */
const withName = (text: string, name: string, word: string) =>
  text
    .replaceAll(`services.${name}.`, "services.SERVICE.")
    .replaceAll(new RegExp(`(?<![-\\w.])${name}(?![-\\w])`, "g"), word);

/** A fault of a map of which only parts came from the defaults: it names those that the message is about. */
function withParts(fault: Fault, inherited: Inherited): Fault {
  if (!/^services\.[^.[]+\./.test(fault.path)) return fault;
  const within = [...inherited].filter(([path]) => isWithin(path, fault.path));
  const parts = within
    .filter(([path]) => !within.some(([inner]) => inner !== path && isWithin(inner, path)))
    .filter(([, from]) => fault.message.includes(from.slice(from.lastIndexOf(".") + 1)))
    .map(([, from]) => `cluster-storage:${from}`);
  return parts.length === 0 ? fault : { ...fault, message: `${fault.message} (with ${joined(parts)})` };
}

const isWithin = (path: string, outer: string) =>
  path === outer || (path.startsWith(outer) && /[.[]/.test(path.charAt(outer.length)));
