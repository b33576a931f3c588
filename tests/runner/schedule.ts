import type { Suite } from "../suites";

/** Suites that run one after another, in order. */
export type Lane = Suite[];

/** What a suite is called in the run's output, and on the command line where only this part is wanted. */
export const labelOf = ({ name, part }: Suite): string => (part ? `${name}-${part}` : name);

/** The suites of these names, in their own order. Throws RangeError, for people, where there is none of that name. */
export function chosen(suites: Suite[], names: readonly string[] | undefined): Suite[] {
  const known = new Set(suites.flatMap((suite) => [suite.name, labelOf(suite)]));
  const unknown = names?.find((name) => !known.has(name));
  if (unknown !== undefined) throw new RangeError(`no suite "${unknown}"; there are: ${[...known].join(", ")}`);
  return suites.filter((suite) => !names || names.includes(suite.name) || names.includes(labelOf(suite)));
}

/** The stages in order, each with its lanes. `lanes`: how many may run side by side; with one, a stage has one. */
export function schedule(suites: Suite[], lanes: 1 | 2): Lane[][] {
  const stages = [...new Set(suites.map(({ stage }) => stage))].sort();
  return stages.map((stage) => {
    const here = suites.filter((suite) => suite.stage === stage);
    const apart = lanes === 1 ? [here] : [1, 2].map((lane) => here.filter((suite) => suite.lane === lane));
    return apart.filter((lane) => lane.length > 0);
  });
}

/** What two lanes need, each with a cluster of its own. */
const forTwoLanes = { cores: 2, memory: 14 * 2 ** 30 };

/** How many lanes a machine is fit for. `asked`: what the environment says; anything but 1 and 2 counts as nothing. */
export function lanesFor(machine: { cores: number; memory: number }, asked?: string): 1 | 2 {
  if (asked === "1" || asked === "2") return asked === "1" ? 1 : 2;
  return machine.cores >= forTwoLanes.cores && machine.memory >= forTwoLanes.memory ? 2 : 1;
}
