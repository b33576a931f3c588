/** By what a drill's objects are known. */

/** Which of a service's points a drill restores: the newest, which has the record, or the one before, which has not. */
export type Side = "newest" | "before";

/** On everything that a drill makes, and on the volumes of its claims: which run has made it. */
export const drillLabel = "cluster-storage/drill";

/** On a drill's pod: what it is there for. */
export const partLabel = "cluster-storage/drill-part";

/** On a drill's namespace: a number that grows as long as the drill runs. */
export const aliveAnnotation = "cluster-storage/drill-alive";

/** On a drill's namespace: the key of the record that it writes to the services. */
export const recordAnnotation = "cluster-storage/drill-record";

const suffixes: Record<Side, string> = { newest: "-drill", before: "-drill-before" };

/** The namespace of one side's copies. `home`: that of the stack's backups, which no other stack has. */
export const drillNamespace = (home: string, side: Side): string =>
  `${home.slice(0, 63 - suffixes.before.length).replace(/-+$/, "")}${suffixes[side]}`;

/** What one run of the command makes on one side. */
export interface Ground {
  namespace: string;
  /** The run's name. */
  run: string;
}

/** The metadata of what a drill makes. */
export const drillMetadata = ({ namespace, run }: Ground, name: string, labels: Record<string, string> = {}) => ({
  name,
  namespace,
  labels: { ...labels, [drillLabel]: run },
});
