import type { Fault } from "./plan";

/** By the path of a setting that a service takes from the stack's defaults: the path there. */
export type Inherited = ReadonlyMap<string, string>;

/** The faults, of which those about a setting from the defaults say so. */
export const namingDefaults = (faults: readonly Fault[], inherited: Inherited): Fault[] =>
  faults.map((fault) => {
    const from = [...inherited].find(([path]) => isWithin(fault.path, path))?.[1];
    const note = ` (it comes from cluster-storage:${from})`;
    return from === undefined || fault.message.endsWith(note) ? fault : { ...fault, message: fault.message + note };
  });

const isWithin = (path: string, outer: string) =>
  path === outer || (path.startsWith(outer) && /[.[]/.test(path.charAt(outer.length)));
